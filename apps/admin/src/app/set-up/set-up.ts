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
import { focusFirstField, focusFirstInvalid } from '../shared/focus';
import { dtoField, matchesField } from '../shared/forms/dto-field';
import { FormError } from '../shared/forms/form-error';
import { PasswordField } from '../shared/forms/password-field';
import { PasswordMinimum } from '../shared/forms/password-minimum';
import { newPassword, newPasswordHint } from '../shared/forms/password-rules';
import { showServerErrors } from '../shared/forms/server-errors';
import { submission } from '../shared/forms/submission';
import { SubmitButton } from '../shared/forms/submit-button';
import { SignInLayout } from '../shared/ui/sign-in-layout';
import { SetUpApi } from './set-up-api';

/** The page a set-up link leads to: the person chooses their password. */
@Component({
  selector: 'app-set-up',
  imports: [SignInLayout, MatButton, PasswordField, ReactiveFormsModule, FormError, RouterLink, SubmitButton],
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
    repeated: ['', matchesField('password')],
  });
  private readonly typed = toSignal(this.form.controls.password.valueChanges, { initialValue: '' });

  /** Whether the form is shown, or the reason it is not. */
  protected readonly status = signal<'form' | 'no-secret' | 'refused'>(
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
      this.status.set('refused');
      return;
    }
    this.minimum.learn(problem);
    this.refusal.set(showServerErrors(this.form, problem, this.t()));
    focusFirstInvalid(this.host);
  }
}
