import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ResetPasswordDto, type UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { newPassword, newPasswordHint } from '../../shared/forms/new-password';
import { PasswordField } from '../../shared/forms/password-field';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { Handover, type HandoverSecret } from '../handover';
import { UsersApi } from '../users-api';

/** Dialog to set the password of a user; a generated one is shown once. */
@Component({
  selector: 'app-set-password',
  imports: [
    Handover,
    MatButton,
    MatDialogModule,
    PasswordField,
    ReactiveFormsModule,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as shown) {
      <app-handover
        [heading]="t().userPage.setPassword.done(user.name)"
        [shown]="shown"
        (done)="dialog.close()"
      />
    } @else {
      <h2 mat-dialog-title>{{ t().userPage.setPassword.heading(user.name) }}</h2>
      <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="set()">
        <mat-dialog-content>
          <p>{{ t().userPage.setPassword.text }}</p>
          <p>{{ t().userPage.setPassword.effect(user.tokenCount) }}</p>
          <app-password-field
            canGenerate
            autocomplete="new-password"
            [label]="t().userPage.setPassword.label"
            [control]="form.controls.password"
            [hint]="hint()"
          />
          <app-submission-error [submission]="submission" />
        </mat-dialog-content>
        <mat-dialog-actions>
          <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
          <app-submit-button
            [label]="t().userPage.setPassword.action"
            [sending]="t().userPage.setPassword.sending"
            [submission]="submission"
          />
        </mat-dialog-actions>
      </form>
    }
  `,
})
export class SetPassword {
  private readonly api = inject(UsersApi);
  private readonly notifier = inject(Notifier);
  private readonly passwordField = viewChild(PasswordField);
  protected readonly dialog = inject<MatDialogRef<SetPassword>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly user = inject<UserDto>(MAT_DIALOG_DATA);
  protected readonly form = inject(NonNullableFormBuilder).group({
    password: ['', newPassword(ResetPasswordDto, 'password')],
  });
  protected readonly hint = newPasswordHint(
    toSignal(this.form.controls.password.valueChanges, { initialValue: '' }),
  );
  protected readonly submission = submission(this.form);
  protected readonly shown = signal<HandoverSecret | null>(null);

  protected set(): Promise<void> {
    const { password } = this.form.getRawValue();
    return this.submission.submit(
      async () => {
        this.finish(password, await firstValueFrom(this.api.setPassword(this.user.name, password)));
      },
      (problem) => showServerErrors(this.form, problem, this.t()),
    );
  }

  private finish(password: string, effectiveBy: string | undefined): void {
    if (this.passwordField()?.isGenerated()) {
      // From now on only the button closes the dialog, because the password cannot be shown again.
      this.dialog.disableClose = true;
      this.shown.set({ kind: 'password', secret: password, until: null });
      return;
    }
    const { setPassword, tokensRevoked } = this.t().userPage;
    const { name } = this.user;
    this.notifier.revoked(`${setPassword.done(name)} ${tokensRevoked(name)}`, effectiveBy);
    this.dialog.close();
  }
}
