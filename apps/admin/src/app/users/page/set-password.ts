import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ResetPasswordDto, type UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { dtoField } from '../../shared/forms/dto-field';
import { FormError } from '../../shared/forms/form-error';
import { PasswordField } from '../../shared/forms/password-field';
import { PasswordMinimum } from '../../shared/forms/password-minimum';
import { newPassword, newPasswordHint } from '../../shared/forms/password-rules';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { SubmitButton } from '../../shared/forms/submit-button';
import { Icon } from '../../shared/ui/icon';
import { generatePassword } from '../generate-password';
import { type HandoverSecret, Handover } from '../handover';
import { UsersApi } from '../users-api';

/** The dialog in which an administrator sets somebody's password; a generated one is shown once. */
@Component({
  selector: 'app-set-password',
  imports: [
    Handover,
    Icon,
    MatButton,
    MatDialogModule,
    PasswordField,
    ReactiveFormsModule,
    FormError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './set-password.html',
  styleUrl: './set-password.scss',
})
export class SetPassword {
  private readonly api = inject(UsersApi);
  private readonly minimum = inject(PasswordMinimum);
  private readonly notifier = inject(Notifier);
  private readonly passwordField = viewChild(PasswordField);
  private readonly generated = signal<string | null>(null);
  protected readonly dialog = inject<MatDialogRef<SetPassword>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly user = inject<UserDto>(MAT_DIALOG_DATA);
  protected readonly form = inject(NonNullableFormBuilder).group({
    password: ['', newPassword(dtoField(ResetPasswordDto, 'password'))],
  });
  protected readonly hint = newPasswordHint(
    toSignal(this.form.controls.password.valueChanges, { initialValue: '' }),
  );
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);
  protected readonly shown = signal<HandoverSecret | null>(null);

  protected generate(): void {
    const password = generatePassword();
    this.generated.set(password);
    this.passwordField()?.fill(password);
  }

  protected set(): Promise<void> {
    const { password } = this.form.getRawValue();
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        await firstValueFrom(this.api.setPassword(this.user.name, password));
        this.finish(password);
      },
      (problem) => {
        this.minimum.learn(problem);
        this.refusal.set(showServerErrors(this.form, problem, this.t()));
      },
    );
  }

  private finish(password: string): void {
    if (password !== this.generated()) {
      this.notifier.success(this.t().userPage.setPassword.done(this.user.name));
      this.dialog.close();
      return;
    }
    // Nothing but the button closes the dialog now: the password cannot be shown again.
    this.dialog.disableClose = true;
    this.shown.set({ kind: 'password', secret: password, until: null });
  }
}
