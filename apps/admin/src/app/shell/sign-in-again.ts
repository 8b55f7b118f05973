import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  effect,
  inject,
  viewChild,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, type ValidatorFn, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { PasskeyCredentialDto } from '@latchkey/auth-models';
import { loginOfBrowser } from '../core/browser-name';
import { injectTexts } from '../core/language';
import { problemText } from '../core/problem';
import { Session } from '../core/session';
import { PasskeyButton } from '../shared/forms/passkey-button';
import { PasswordField } from '../shared/forms/password-field';
import { SignInCodeField } from '../shared/forms/sign-in-code-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';

const required: ValidatorFn = (control) => Validators.required(control);

/** Whether the session has expired or expires soon. */
export type SignInReason = 'expired' | 'expiring';

/** Dialog that asks the user to sign in again over the open page. Closes with whether they did. */
@Component({
  selector: 'app-sign-in-again',
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
    <h2 mat-dialog-title>{{ texts().heading }}</h2>
    <form novalidate [formGroup]="form" (ngSubmit)="signIn()">
      <mat-dialog-content>
        <p>{{ texts().text }}</p>
        <p>
          {{ t().signInAgain.user }}
          <strong
            ><bdi>{{ name }}</bdi></strong
          >
        </p>
        <!-- Password managers need a name beside the password. -->
        <input
          class="visually-hidden"
          type="text"
          autocomplete="username"
          tabindex="-1"
          readonly
          [value]="name"
          aria-hidden="true"
        />
        <app-password-field
          autocomplete="current-password"
          [control]="form.controls.password"
          [label]="t().common.password.label"
        />
        <app-sign-in-code-field [control]="form.controls.code" />
        <app-submission-error [submission]="submission" />
        @if (usedPasskey) {
          <app-passkey-button [label]="t().session.passkey.signIn" [send]="signInWithPasskey" />
        }
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="false">{{ leave() }}</button>
        <app-submit-button
          [label]="t().pages.signIn"
          [sending]="t().session.signIn.sending"
          [submission]="submission"
        />
      </mat-dialog-actions>
    </form>
  `,
})
export class SignInAgain {
  private readonly dialog = inject<MatDialogRef<SignInAgain, boolean>>(MatDialogRef);
  private readonly location = inject(DOCUMENT).location;
  private readonly session = inject(Session);
  private readonly passwordField = viewChild.required(PasswordField);
  private readonly codeField = viewChild.required(SignInCodeField);

  private readonly reason = inject<SignInReason>(MAT_DIALOG_DATA);

  protected readonly t = injectTexts();
  protected readonly texts = computed(() => this.t().signInAgain[this.reason]);
  protected readonly leave = computed(() =>
    this.reason === 'expired' ? this.t().session.signOut : this.t().common.cancel,
  );
  protected readonly name = this.session.user()?.name ?? '';
  protected readonly form = inject(NonNullableFormBuilder).group({ password: ['', required], code: '' });
  protected readonly submission = submission(this.form);
  /** Whether the session was started with a passkey, so that the user may not know their password. */
  protected readonly usedPasskey = this.session.user()?.token?.authMethods?.includes('passkey') ?? false;
  protected readonly signInWithPasskey = async (passkey: PasskeyCredentialDto): Promise<void> => {
    await this.session.signInWithPasskey(passkey, loginOfBrowser(this.t()));
    if (this.session.user()?.name !== this.name) {
      // The passkey belongs to another user than the open page.
      this.location.reload();
    }
  };

  constructor() {
    const expiredId = this.session.token()?.id;
    // The user signed in here or in another tab.
    effect(() => {
      if (this.session.token()?.id !== expiredId) {
        this.dialog.close(this.session.isSignedIn());
      }
    });
  }

  protected signIn(): Promise<void> {
    return this.submission.submit(
      async () => {
        const { password, code } = this.form.getRawValue();
        await this.session.signIn(this.name, password, loginOfBrowser(this.t()), code);
      },
      (problem) => {
        if (this.codeField().ask(problem)) {
          return null;
        }
        this.passwordField().select();
        return problem.status === 401 ? this.t().session.signIn.rejected : problemText(problem, this.t());
      },
    );
  }
}
