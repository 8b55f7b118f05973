import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, type ValidatorFn } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { PASSWORD_MIN_LENGTH, passwordLength, SetUpDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { type Problem, problemOf } from '../core/problem';
import type { SignInNotice } from '../core/sign-in-notice';
import { clock, countdown } from '../shared/countdown';
import { dtoField } from '../shared/dto-field';
import { focusFirstField } from '../shared/focus-first-field';
import { focusFirstInvalid } from '../shared/focus-first-invalid';
import { Gate } from '../shared/gate';
import { Icon } from '../shared/icon';
import { PasswordField } from '../shared/password-field';
import { showServerErrors } from '../shared/server-errors';
import { SetUpApi } from './set-up-api';

/** Refuses a repeated password that differs from the first. */
const repeatsPassword: ValidatorFn = (control) =>
  control.value === control.parent?.get('password')?.value ? null : { mismatch: true };

/** The page a set-up link leads to: the person chooses their password. */
@Component({
  selector: 'app-set-up',
  imports: [Gate, Icon, MatButton, PasswordField, ReactiveFormsModule, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './set-up.html',
})
export class SetUp {
  private readonly api = inject(SetUpApi);
  private readonly router = inject(Router);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly secret = inject(ActivatedRoute).snapshot.fragment ?? '';

  protected readonly form = inject(NonNullableFormBuilder).group({
    password: ['', dtoField(SetUpDto, 'password')],
    repeated: ['', repeatsPassword],
  });
  private readonly typed = toSignal(this.form.controls.password.valueChanges, { initialValue: '' });

  /** Which face the page has: the form, or why there is none. */
  protected readonly face = signal<'form' | 'no-secret' | 'refused'>(
    this.secret === '' ? 'no-secret' : 'form',
  );
  protected readonly isSending = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly refusal = signal<string | null>(null);
  protected readonly wait = countdown();
  protected readonly clock = clock;
  protected readonly lengthHint = computed(() => {
    const length = passwordLength(this.typed());
    const wanted = `At least ${PASSWORD_MIN_LENGTH} characters; a few words do well.`;
    return length === 0 ? wanted : `${wanted} ${length} so far.`;
  });

  constructor() {
    focusFirstField();
    // The secret leaves the address bar and the history before anybody can look over a shoulder.
    inject(Location).replaceState('/set-up');
    const { password, repeated } = this.form.controls;
    password.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => repeated.updateValueAndValidity());
  }

  protected async setUp(): Promise<void> {
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
      const { password } = this.form.getRawValue();
      await firstValueFrom(this.api.setUp({ secret: this.secret, password }), { defaultValue: undefined });
      const notice: SignInNotice = 'password-set';
      await this.router.navigate(['/sign-in'], { queryParams: { notice }, replaceUrl: true });
    } catch (error) {
      this.refuse(problemOf(error));
    } finally {
      this.isSending.set(false);
    }
  }

  private refuse(problem: Problem): void {
    if (problem.status === 401) {
      this.face.set('refused');
      return;
    }
    if (problem.retryAfterSeconds !== null) {
      this.wait.start(problem.retryAfterSeconds);
    }
    this.problem.set(problem);
    this.refusal.set(showServerErrors(this.form, problem));
    focusFirstInvalid(this.host);
  }
}
