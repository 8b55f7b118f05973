import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  effect,
  inject,
  input,
  viewChild,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, type ValidatorFn, Validators } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import type { PasskeyCredentialDto } from '@latchkey/auth-models';
import { loginOfBrowser } from '../core/browser-name';
import { injectTexts } from '../core/language';
import { problemText } from '../core/problem';
import { Session, SIGN_IN_NOTICES } from '../core/session';
import { focusFirstField } from '../shared/focus';
import { PasskeyButton } from '../shared/forms/passkey-button';
import { PasswordField } from '../shared/forms/password-field';
import { SignInCodeField } from '../shared/forms/sign-in-code-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { TextField } from '../shared/forms/text-field';
import { ServerPolicy } from '../shared/server-policy';
import { Icon } from '../shared/ui/icon';
import { SignInLayout } from './sign-in-layout';

const required: ValidatorFn = (control) => Validators.required(control);

/** Sign-in page. Afterwards it returns to the requested page. */
@Component({
  selector: 'app-sign-in',
  imports: [
    Icon,
    PasskeyButton,
    PasswordField,
    ReactiveFormsModule,
    RouterLink,
    SignInCodeField,
    SignInLayout,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in.html',
  styles: `
    app-passkey-button {
      margin-top: var(--space-4);
    }
  `,
})
export class SignIn {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly passwordField = viewChild.required(PasswordField);
  private readonly codeField = viewChild.required(SignInCodeField);

  /** One of {@link SIGN_IN_NOTICES}, from the URL. */
  readonly notice = input<string>();
  /** Address to return to, from the URL. */
  readonly returnTo = input<string>();

  protected readonly t = injectTexts();
  protected readonly policy = inject(ServerPolicy).current;
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', required],
    password: ['', required],
    code: '',
  });
  protected readonly submission = submission(this.form);
  protected readonly signInWithPasskey = (passkey: PasskeyCredentialDto): Promise<void> =>
    this.session.signInWithPasskey(passkey, loginOfBrowser(this.t()));
  protected readonly noticeText = computed(() => {
    const notice = SIGN_IN_NOTICES.find((known) => known === this.notice());
    return notice === undefined ? null : this.t().session.signIn.notices[notice];
  });
  /** Whether the browser rejects the session cookie, so that a reload signs out. */
  protected readonly isInsecure = inject(DOCUMENT).defaultView?.isSecureContext === false;

  constructor() {
    focusFirstField();
    // The user signed in with a passkey, or in another tab.
    effect(() => {
      if (this.session.isSignedIn() && !this.submission.isSending()) {
        void this.leave();
      }
    });
  }

  protected signIn(): Promise<void> {
    return this.submission.submit(
      async () => {
        const { name, password, code } = this.form.getRawValue();
        await this.session.signIn(name, password, loginOfBrowser(this.t()), code);
        await this.leave();
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

  private async leave(): Promise<void> {
    await this.router.navigateByUrl(this.returnTo() ?? '/', { replaceUrl: true });
  }
}
