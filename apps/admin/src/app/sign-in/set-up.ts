import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormGroup, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { SetUpDto } from '@latchkey/auth-models';
import { withoutToken } from '@latchkey/client/angular';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import type { SignInNotice } from '../core/session';
import { focusFirstField } from '../shared/focus';
import { repeatedPassword } from '../shared/forms/new-password';
import { PasswordField } from '../shared/forms/password-field';
import { showServerErrors } from '../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { ServerPolicy } from '../shared/server-policy';
import { openedLinks } from './opened-links';
import { SignInLayout } from './sign-in-layout';

/** Target of set-up links, where users choose their password. */
@Component({
  selector: 'app-set-up',
  imports: [
    MatButton,
    MatFormFieldModule,
    MatInput,
    PasswordField,
    ReactiveFormsModule,
    RouterLink,
    SignInLayout,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './set-up.html',
})
export class SetUp {
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private secret = '';

  protected readonly t = injectTexts();
  protected readonly policy = inject(ServerPolicy).current;
  protected readonly chosen = repeatedPassword(SetUpDto, 'password');
  protected readonly form = new FormGroup({
    password: this.chosen.password,
    repeated: this.chosen.repeated,
  });

  /** Name of the user in the link. The page shows it, and password managers store it. */
  protected readonly name = signal<string | null>(null);
  protected readonly state = signal<'form' | 'incomplete' | 'rejected'>('incomplete');
  protected readonly submission = submission(this.form);

  constructor() {
    focusFirstField();
    openedLinks('/set-up').subscribe((secret) => {
      this.secret = secret;
      this.name.set(this.route.snapshot.queryParamMap.get('name'));
      this.state.set('form');
      this.form.reset();
      this.submission.clear();
    });
  }

  protected setUp(): Promise<void> {
    return this.submission.submit(
      async () => {
        const dto: SetUpDto = { secret: this.secret, password: this.form.getRawValue().password };
        await firstValueFrom(this.http.post('/auth/set-up', dto, { context: withoutToken() }), {
          defaultValue: undefined,
        });
        const notice: SignInNotice = 'password-set';
        await this.router.navigate(['/sign-in'], { queryParams: { notice }, replaceUrl: true });
      },
      (problem) => {
        if (problem.status === 401) {
          this.state.set('rejected');
          return null;
        }
        return showServerErrors(this.form, problem, this.t());
      },
    );
  }
}
