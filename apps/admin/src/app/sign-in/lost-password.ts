import { HttpClient } from '@angular/common/http';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  inject,
  Injector,
  signal,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { LostPasswordDto } from '@latchkey/auth-models';
import { withoutToken } from '@latchkey/client/angular';
import { firstValueFrom } from 'rxjs';
import { injectTexts, Language } from '../core/language';
import { focusFirstField } from '../shared/focus';
import { dtoField } from '../shared/forms/dto-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { TextField } from '../shared/forms/text-field';
import { SignInLayout } from './sign-in-layout';

/** Page where users request a link to choose a new password. It shows the same for unknown users. */
@Component({
  selector: 'app-lost-password',
  imports: [ReactiveFormsModule, RouterLink, SignInLayout, SubmissionError, SubmitButton, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-sign-in-layout>
      <h1 class="sign-in-title" tabindex="-1">
        {{ isSent() ? t().setUp.lost.sentHeading : t().setUp.lost.heading }}
      </h1>
      @if (isSent()) {
        <p class="sign-in-lead" role="status">{{ t().setUp.lost.sent }}</p>
      } @else {
        <p class="sign-in-lead">{{ t().setUp.lost.lead }}</p>
        <form class="sign-in-form" novalidate [formGroup]="form" (ngSubmit)="send()">
          <app-text-field
            isName
            autocomplete="username"
            [control]="form.controls.user"
            [label]="t().setUp.lost.user"
          />
          <app-submission-error [submission]="submission" />
          <app-submit-button
            [label]="t().setUp.lost.action"
            [sending]="t().setUp.lost.sending"
            [submission]="submission"
          />
        </form>
      }
      <p class="sign-in-footer">
        <a class="link" routerLink="/sign-in">{{ t().setUp.toSignIn }}</a>
      </p>
    </app-sign-in-layout>
  `,
})
export class LostPassword {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly http = inject(HttpClient);
  private readonly injector = inject(Injector);
  private readonly language = inject(Language);

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    user: ['', dtoField(LostPasswordDto, 'user')],
  });
  protected readonly submission = submission(this.form);
  protected readonly isSent = signal(false);

  constructor() {
    focusFirstField();
  }

  protected send(): Promise<void> {
    return this.submission.submit(async () => {
      const dto: LostPasswordDto = {
        user: this.form.getRawValue().user.trim(),
        language: this.language.tag(),
      };
      await firstValueFrom(this.http.post('/auth/lost-password', dto, { context: withoutToken() }), {
        defaultValue: undefined,
      });
      this.isSent.set(true);
      // The field with the focus is gone.
      afterNextRender(() => this.host.querySelector('h1')?.focus(), { injector: this.injector });
    });
  }
}
