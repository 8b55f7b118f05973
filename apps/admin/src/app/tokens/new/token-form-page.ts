import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { type FormGroup, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { type Submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { BackLink, PageHeader } from '../../shared/ui/page';

/** Page with a form whose fields are projected: heading, error and buttons. */
@Component({
  selector: 'app-token-form-page',
  imports: [BackLink, MatButton, PageHeader, ReactiveFormsModule, RouterLink, SubmissionError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-back-link [to]="parent()">{{ parentName() }}</app-back-link>
    <app-page-header [heading]="heading()" [lead]="lead()" />
    <form novalidate class="card stack" [formGroup]="form()" (ngSubmit)="send.emit()">
      <ng-content />
      <app-submission-error [submission]="submission()" />
      <div class="row">
        <a matButton [routerLink]="parent()">{{ t().common.cancel }}</a>
        @if (action(); as action) {
          <app-submit-button [label]="action" [sending]="sending()" [submission]="submission()" />
        }
      </div>
    </form>
  `,
  styles: `
    :host {
      display: block;
      max-width: 720px;
    }
    form {
      gap: var(--space-6);
    }
  `,
})
export class TokenFormPage {
  readonly parent = input.required<'/tokens' | '/tokens/offers'>();
  readonly heading = input.required<string>();
  readonly lead = input('');
  readonly form = input.required<FormGroup>();
  readonly submission = input.required<Submission>();
  /** Caption of the button that sends the form; empty while the form cannot be sent. */
  readonly action = input.required<string>();
  readonly sending = input('');
  readonly send = output();

  protected readonly t = injectTexts();
  protected readonly parentName = computed(() =>
    this.parent() === '/tokens' ? this.t().tokenPage.back : this.t().pages.offers,
  );
}
