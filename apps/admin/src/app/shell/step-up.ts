import { ChangeDetectionStrategy, Component, effect, inject, viewChild } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, type ValidatorFn, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { SecondFactorListDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { PasswordField } from '../shared/forms/password-field';
import { showServerErrors } from '../shared/forms/server-errors';
import { SignInCodeField } from '../shared/forms/sign-in-code-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';

const required: ValidatorFn = (control) => Validators.required(control);

/**
 * Dialog that asks the user for a fresh proof of who they are: a code of their second factor, or the password
 * if they have none. Closes with whether they gave it.
 */
@Component({
  selector: 'app-step-up',
  imports: [
    MatButton,
    MatDialogModule,
    PasswordField,
    ReactiveFormsModule,
    SignInCodeField,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().stepUp.heading }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="confirm()">
      <mat-dialog-content>
        <p>{{ t().stepUp.text }}</p>
        @if (hasFactor) {
          <app-sign-in-code-field [isAsked]="true" [control]="form.controls.code" />
        } @else {
          <!-- For password managers. -->
          <input hidden readonly autocomplete="username" [value]="name" />
          <app-password-field
            autocomplete="current-password"
            [control]="form.controls.currentPassword"
            [label]="t().common.password.label"
          />
        }
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="false">{{ t().common.cancel }}</button>
        <app-submit-button
          [label]="t().stepUp.action"
          [sending]="t().stepUp.sending"
          [submission]="submission"
        />
      </mat-dialog-actions>
    </form>
  `,
})
export class StepUp {
  private readonly dialog = inject<MatDialogRef<StepUp, boolean>>(MatDialogRef);
  private readonly session = inject(Session);
  private readonly codeField = viewChild(SignInCodeField);
  private readonly factors = inject<SecondFactorListDto['items']>(MAT_DIALOG_DATA);

  protected readonly t = injectTexts();
  protected readonly name = this.session.user()?.name ?? '';
  protected readonly hasFactor = this.factors.length > 0;
  protected readonly form = inject(NonNullableFormBuilder).group({
    code: [{ value: '', disabled: !this.hasFactor }, required],
    currentPassword: [{ value: '', disabled: this.hasFactor }, required],
  });
  protected readonly submission = submission(this.form);

  constructor() {
    const staleId = this.session.token()?.id;
    // The session expired meanwhile, and the user signed in here or in another tab.
    effect(() => {
      if (this.session.token()?.id !== staleId) {
        this.dialog.close(this.session.isSignedIn());
      }
    });
  }

  protected confirm(): Promise<void> {
    return this.submission.submit(
      async () => {
        // Contains the enabled field only.
        await this.session.stepUp(this.form.value);
        this.dialog.close(true);
      },
      (problem) => {
        if (problem.status !== 403 || !this.codeField()) {
          return showServerErrors(this.form, problem, this.t());
        }
        return this.codeField()?.reject();
      },
    );
  }
}
