import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { RedeliveredDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { localTime } from '../../shared/time/format-time';
import { EventsApi } from './events-api';

const DAY = 86_400_000;

/** Dialog that redelivers all events since a time to a target. Closes with the result. */
@Component({
  selector: 'app-redeliver-events',
  imports: [MatButton, MatDialogModule, ReactiveFormsModule, SubmissionError, SubmitButton, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().events.redeliver;
    <h2 mat-dialog-title>{{ texts.heading }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="send()">
      <mat-dialog-content class="stack">
        <p>{{ texts.text(target) }}</p>
        <app-text-field type="datetime-local" [control]="form.controls.since" [label]="texts.since" />
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
        <app-submit-button
          [label]="texts.action"
          [sending]="t().events.page.testing"
          [submission]="submission"
        />
      </mat-dialog-actions>
    </form>
  `,
})
export class RedeliverEvents {
  private readonly api = inject(EventsApi);
  private readonly dialog = inject<MatDialogRef<RedeliverEvents, RedeliveredDto>>(MatDialogRef);
  private readonly notifier = inject(Notifier);

  /** Name of the target. */
  protected readonly target = inject<string>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    since: [localTime(new Date(Date.now() - DAY).toISOString()), Validators.required],
  });
  protected readonly submission = submission(this.form);

  constructor() {
    guardUnsaved(() => this.form.dirty);
  }

  protected send(): Promise<void> {
    return this.submission.submit(async () => {
      const since = new Date(this.form.getRawValue().since).toISOString();
      const result = await firstValueFrom(this.api.redeliver(this.target, { since }));
      this.notifier.success(this.t().events.redeliver.done(result.count));
      this.dialog.close(result);
    });
  }
}
