import { ChangeDetectionStrategy, Component, inject, input, output, viewChild } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { FormGroupDirective, NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { ChangePasswordDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { dtoField, matchesField } from '../shared/forms/dto-field';
import { newPassword, newPasswordHint } from '../shared/forms/new-password';
import { PasswordField } from '../shared/forms/password-field';
import { showServerErrors } from '../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { AccountApi } from './account-api';

/** Form to change the password. */
@Component({
  selector: 'app-my-password',
  imports: [PasswordField, ReactiveFormsModule, SubmissionError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'card' },
  template: `
    <h2 class="section-title">{{ t().common.password.label }}</h2>
    <p class="second-line">{{ t().account.password.consequence }}</p>
    <form class="stack" novalidate [formGroup]="form" (ngSubmit)="change()">
      <!-- For password managers. -->
      <input hidden readonly autocomplete="username" [value]="name()" />
      <app-password-field
        autocomplete="current-password"
        [label]="t().account.password.current"
        [control]="form.controls.currentPassword"
      />
      <app-password-field
        autocomplete="new-password"
        [label]="t().account.password.new"
        [control]="form.controls.newPassword"
        [hint]="hint()"
      />
      <app-password-field
        autocomplete="new-password"
        [label]="t().account.password.again"
        [control]="form.controls.repeated"
      />
      <app-submission-error [submission]="submission" />
      <app-submit-button
        [label]="t().account.password.action"
        [sending]="t().account.password.sending"
        [submission]="submission"
      />
    </form>
  `,
})
export class MyPassword {
  private readonly api = inject(AccountApi);
  private readonly notifier = inject(Notifier);

  /** Name of the signed-in user. */
  readonly name = input.required<string>();
  /** Emits after the change, which revokes all other tokens. */
  readonly changed = output();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    currentPassword: ['', dtoField(ChangePasswordDto, 'currentPassword')],
    newPassword: ['', newPassword(ChangePasswordDto, 'newPassword')],
    repeated: ['', matchesField('newPassword')],
  });
  private readonly typed = toSignal(this.form.controls.newPassword.valueChanges, { initialValue: '' });
  protected readonly submission = submission(this.form);
  protected readonly hint = newPasswordHint(this.typed);
  private readonly sentForm = viewChild.required(FormGroupDirective);

  constructor() {
    const { newPassword: chosen, repeated } = this.form.controls;
    chosen.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => repeated.updateValueAndValidity());
  }

  protected change(): Promise<void> {
    return this.submission.submit(
      async () => {
        const { currentPassword, newPassword } = this.form.getRawValue();
        await firstValueFrom(this.api.changePassword({ currentPassword, newPassword }), {
          defaultValue: undefined,
        });
        // Resetting the form group alone would leave the form submitted and its empty fields invalid.
        this.sentForm().resetForm();
        this.notifier.success(this.t().account.password.changed);
        this.changed.emit();
      },
      (problem) => showServerErrors(this.form, problem, this.t()),
    );
  }
}
