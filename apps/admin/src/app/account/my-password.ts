import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, inject, input, output, viewChild } from '@angular/core';
import { FormControl, FormGroup, FormGroupDirective, ReactiveFormsModule } from '@angular/forms';
import { ChangePasswordDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { effectiveBy } from '../shared/effective-by';
import { dtoField } from '../shared/forms/dto-field';
import { repeatedPassword } from '../shared/forms/new-password';
import { PasswordField } from '../shared/forms/password-field';
import { showServerErrors } from '../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';

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
  private readonly http = inject(HttpClient);
  private readonly notifier = inject(Notifier);

  /** Name of the signed-in user. */
  readonly name = input.required<string>();
  /** Emits after the change, which revokes all other tokens. */
  readonly changed = output();

  protected readonly t = injectTexts();
  private readonly chosen = repeatedPassword(ChangePasswordDto, 'newPassword');
  protected readonly hint = this.chosen.hint;
  protected readonly form = new FormGroup({
    currentPassword: new FormControl('', {
      nonNullable: true,
      validators: dtoField(ChangePasswordDto, 'currentPassword'),
    }),
    newPassword: this.chosen.password,
    repeated: this.chosen.repeated,
  });
  protected readonly submission = submission(this.form);
  private readonly sentForm = viewChild.required(FormGroupDirective);

  /** Whether the user has typed a new password. Browsers fill in the current one. */
  isChanged(): boolean {
    return this.form.controls.newPassword.value !== '';
  }

  protected change(): Promise<void> {
    return this.submission.submit(
      async () => {
        const { currentPassword, newPassword } = this.form.getRawValue();
        const dto: ChangePasswordDto = { currentPassword, newPassword };
        const response = this.http.put('/me/password', dto, { observe: 'response' });
        const changedBy = await firstValueFrom(response.pipe(effectiveBy));
        // Resetting the form group alone would leave the form submitted and its empty fields invalid.
        this.sentForm().resetForm();
        this.notifier.revoked(this.t().account.password.changed, changedBy);
        this.changed.emit();
      },
      (problem) => showServerErrors(this.form, problem, this.t()),
    );
  }
}
