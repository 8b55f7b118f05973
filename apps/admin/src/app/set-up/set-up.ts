import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, ElementRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { SetUpDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import type { Problem } from '../core/problem';
import type { SignInNotice } from '../core/sign-in-notice';
import { dtoField } from '../shared/dto-field';
import { focusFirstField } from '../shared/focus-first-field';
import { focusFirstInvalid } from '../shared/focus-first-invalid';
import { Gate } from '../shared/gate';
import { PasswordField } from '../shared/password-field';
import { newPassword, newPasswordHint } from '../shared/passwords/new-password';
import { PasswordMinimum } from '../shared/passwords/password-minimum';
import { Refusal } from '../shared/refusal';
import { repeats } from '../shared/repeats';
import { showServerErrors } from '../shared/server-errors';
import { submission } from '../shared/submission';
import { SubmitButton } from '../shared/submit-button';
import { SetUpApi } from './set-up-api';

/** The page a set-up link leads to: the person chooses their password. */
@Component({
  selector: 'app-set-up',
  imports: [Gate, MatButton, PasswordField, ReactiveFormsModule, Refusal, RouterLink, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './set-up.html',
})
export class SetUp {
  private readonly api = inject(SetUpApi);
  private readonly router = inject(Router);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly minimum = inject(PasswordMinimum);
  private readonly secret = inject(ActivatedRoute).snapshot.fragment ?? '';

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    password: ['', newPassword(dtoField(SetUpDto, 'password'))],
    repeated: ['', repeats('password')],
  });
  private readonly typed = toSignal(this.form.controls.password.valueChanges, { initialValue: '' });

  /** Which face the page has: the form, or why there is none. */
  protected readonly face = signal<'form' | 'no-secret' | 'refused'>(
    this.secret === '' ? 'no-secret' : 'form',
  );
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);
  protected readonly lengthHint = newPasswordHint(this.typed);

  constructor() {
    focusFirstField();
    // The secret leaves the address bar and the history before anybody can look over a shoulder.
    inject(Location).replaceState('/set-up');
    const { password, repeated } = this.form.controls;
    password.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => repeated.updateValueAndValidity());
  }

  protected setUp(): Promise<void> {
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const { password } = this.form.getRawValue();
        await firstValueFrom(this.api.setUp({ secret: this.secret, password }), { defaultValue: undefined });
        const notice: SignInNotice = 'password-set';
        await this.router.navigate(['/sign-in'], { queryParams: { notice }, replaceUrl: true });
      },
      (problem) => this.refuse(problem),
    );
  }

  private refuse(problem: Problem): void {
    if (problem.status === 401) {
      this.face.set('refused');
      return;
    }
    this.minimum.learn(problem);
    this.refusal.set(showServerErrors(this.form, problem, this.t()));
    focusFirstInvalid(this.host);
  }
}
