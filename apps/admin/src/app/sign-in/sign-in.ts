import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  ElementRef,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, type ValidatorFn, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { MESSAGES } from '../core/messages';
import { type Problem, problemOf } from '../core/problem';
import { Session } from '../core/session';
import { SIGN_IN_NOTICES } from '../core/sign-in-notice';
import { controlError } from '../shared/control-error';
import { clock, countdown } from '../shared/countdown';
import { focusFirstField } from '../shared/focus-first-field';
import { focusFirstInvalid } from '../shared/focus-first-invalid';
import { Gate } from '../shared/gate';
import { Icon } from '../shared/icon';
import { PasswordField } from '../shared/password-field';

const required: ValidatorFn = (control) => Validators.required(control);

/** The sign-in page. It says why somebody is here, waits out a throttle and leads back to where they wanted to go. */
@Component({
  selector: 'app-sign-in',
  imports: [Gate, Icon, MatButton, MatFormFieldModule, MatInput, PasswordField, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in.html',
})
export class SignIn {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly passwordField = viewChild.required(PasswordField);

  /** Why they are here: one of {@link SIGN_IN_NOTICES}, from the URL. */
  readonly notice = input<string>();
  /** Where they wanted to go, from the URL. */
  readonly returnTo = input<string>();

  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', required],
    password: ['', required],
  });
  protected readonly nameError = controlError(() => this.form.controls.name);
  protected readonly isSending = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly wait = countdown();
  protected readonly clock = clock;
  protected readonly noticeText = computed(() => {
    const notice = SIGN_IN_NOTICES.find((known) => known === this.notice());
    return notice === undefined ? null : MESSAGES.signIn[notice];
  });
  /** Whether the browser will refuse the session cookie, so that a reload signs out. */
  protected readonly isForgetful = inject(DOCUMENT).defaultView?.isSecureContext === false;

  constructor() {
    focusFirstField();
  }

  protected async signIn(): Promise<void> {
    if (this.isSending() || this.wait.secondsLeft() > 0) {
      return;
    }
    if (this.form.invalid) {
      this.form.markAllAsTouched();
      focusFirstInvalid(this.host);
      return;
    }
    this.isSending.set(true);
    this.problem.set(null);
    try {
      const { name, password } = this.form.getRawValue();
      await this.session.signIn(name, password);
      await this.router.navigateByUrl(this.returnTo() ?? '/', { replaceUrl: true });
    } catch (error) {
      this.refuse(problemOf(error));
    } finally {
      this.isSending.set(false);
    }
  }

  private refuse(problem: Problem): void {
    this.problem.set(problem);
    if (problem.retryAfterSeconds !== null) {
      this.wait.start(problem.retryAfterSeconds);
    }
    this.passwordField().select();
  }
}
