import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { DecideOfferDto, type OfferDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { askBeforeClose } from '../../shared/dialogs/confirm';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { submission } from '../../shared/forms/submission';
import { SubmissionError, SubmitButton } from '../../shared/forms/submit';
import { RequestedScope } from './requested-scope';
import { RequestsApi } from './requests-api';

/** A decision on a request. */
export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly request: OfferDto;
}

/** Dialog that approves or rejects a request, with a reason. */
@Component({
  selector: 'app-decide-request',
  imports: [
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    ReactiveFormsModule,
    RequestedScope,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().tokenRequests[data.decision];
    <h2 mat-dialog-title>{{ texts.heading(data.request.user) }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="decide()">
      <mat-dialog-content class="stack">
        <app-requested-scope [of]="data.request" [user]="data.request.user" />
        <p>{{ texts.text }}</p>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().tokenRequests.decisionReason }}</mat-label>
          <input matInput formControlName="reason" autocomplete="off" />
          <mat-error>{{ reasonError() }}</mat-error>
        </mat-form-field>
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
        <app-submit-button [label]="texts.action" [sending]="t().common.saving" [submission]="submission" />
      </mat-dialog-actions>
    </form>
  `,
})
export class DecideRequest {
  private readonly api = inject(RequestsApi);
  private readonly dialog = inject<MatDialogRef<DecideRequest>>(MatDialogRef);
  private readonly notifier = inject(Notifier);

  protected readonly data = inject<Decision>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    reason: ['', dtoField(DecideOfferDto, 'reason')],
  });
  protected readonly reasonError = controlError(() => this.form.controls.reason);
  protected readonly submission = submission(this.form);

  constructor() {
    askBeforeClose(this.dialog, inject(MatDialog), () => this.form.dirty, this.t());
  }

  protected decide(): Promise<void> {
    return this.submission.submit(async () => {
      const { decision, request } = this.data;
      const reason = this.form.getRawValue().reason.trim() || undefined;
      await firstValueFrom(this.api.decide(request.id, decision, reason));
      this.notifier.success(this.t().tokenRequests[decision].done);
      this.dialog.close();
    });
  }
}
