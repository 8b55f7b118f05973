import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, effect, inject, viewChild } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, type ValidatorFn, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import type { PasskeyCredentialDto, SecondFactorListDto } from '@latchkey/auth-models';
import type { SignInReason } from '@latchkey/client/angular';
import { firstValueFrom } from 'rxjs';
import { Enrolment } from '../core/enrolment';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { focusOrigin } from '../shared/focus';
import { PasskeyButton } from '../shared/forms/passkey-button';
import { PasswordField } from '../shared/forms/password-field';
import { showServerErrors } from '../shared/forms/server-errors';
import { SignInCodeField } from '../shared/forms/sign-in-code-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';

/** Data of {@link StepUp}. */
interface StepUpData {
  /** Whether the session must prove a second factor (`enrolment`), or give a fresh proof (`step-up`). */
  readonly reason: ProofReason;
  readonly factors: SecondFactorListDto['items'];
}

/** Reason for a proof, from the client library. */
export type ProofReason = Exclude<SignInReason, 'session-ended'>;

const required: ValidatorFn = (control) => Validators.required(control);

/**
 * Dialog that asks the user for a fresh proof of who they are: a passkey or a code, or the password if they
 * have no second factor. Closes with whether they gave it.
 */
@Component({
  selector: 'app-step-up',
  imports: [
    MatButton,
    MatDialogModule,
    PasskeyButton,
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
        <p>{{ t().stepUp.texts[reason] }}</p>
        @if (hasPasskey) {
          <app-passkey-button [label]="t().stepUp.passkey" [send]="confirmWithPasskey" />
        }
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
  private readonly data = inject<StepUpData>(MAT_DIALOG_DATA);
  private readonly factors = this.data.factors;

  protected readonly t = injectTexts();
  protected readonly reason = this.data.reason;
  protected readonly name = this.session.user()?.name ?? '';
  protected readonly hasFactor = this.factors.length > 0;
  protected readonly hasPasskey = this.factors.some(({ kind }) => kind === 'passkey');
  protected readonly form = inject(NonNullableFormBuilder).group({
    code: [{ value: '', disabled: !this.hasFactor }, required],
    currentPassword: [{ value: '', disabled: this.hasFactor }, required],
  });
  protected readonly submission = submission(this.form);
  protected readonly confirmWithPasskey = async (passkey: PasskeyCredentialDto): Promise<void> => {
    await this.session.stepUp({ passkey });
    this.dialog.close(true);
  };

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

/**
 * Asks the user for a proof of who they are, and returns whether they gave it. Leads users without a second
 * factor that their account requires to the page that adds one.
 */
export async function askForProof(reason: ProofReason): Promise<boolean> {
  const dialog = inject(MatDialog);
  const enrolment = inject(Enrolment);
  const router = inject(Router);
  const restoreFocus = focusOrigin();
  const list = inject(HttpClient).get<SecondFactorListDto>('/me/second-factors');
  const { items: factors } = await firstValueFrom(list);
  if (reason === 'enrolment' && factors.length === 0) {
    enrolment.require();
    void router.navigateByUrl('/account');
    return false;
  }
  const opened = dialog.open<StepUp, StepUpData, boolean>(StepUp, {
    data: { reason, factors },
    width: '440px',
    restoreFocus,
  });
  return (await firstValueFrom(opened.afterClosed())) ?? false;
}
