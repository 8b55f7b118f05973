import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { DecideOfferDto, type OfferDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { dtoField } from '../../shared/forms/dto-field';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { OfferedScope } from './offered-scope';
import { OffersApi } from './offers-api';

/** A decision on an offer. */
export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly offer: OfferDto;
}

/** Dialog that approves or rejects an offer, with a reason. */
@Component({
  selector: 'app-decide-offer',
  imports: [
    MatButton,
    MatDialogModule,
    ReactiveFormsModule,
    OfferedScope,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().offers[data.decision];
    <h2 mat-dialog-title>{{ texts.heading(data.offer.user) }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="decide()">
      <mat-dialog-content class="stack">
        <app-offered-scope [of]="data.offer" [user]="data.offer.user" />
        <p>{{ texts.text }}</p>
        <app-text-field [control]="form.controls.reason" [label]="t().offers.decisionReason" />
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
        <app-submit-button [label]="texts.action" [submission]="submission" />
      </mat-dialog-actions>
    </form>
  `,
})
export class DecideOffer {
  private readonly api = inject(OffersApi);
  private readonly dialog = inject<MatDialogRef<DecideOffer>>(MatDialogRef);
  private readonly notifier = inject(Notifier);

  protected readonly data = inject<Decision>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    reason: ['', dtoField(DecideOfferDto, 'reason')],
  });
  protected readonly submission = submission(this.form);

  constructor() {
    guardUnsaved(() => this.form.dirty);
  }

  protected decide(): Promise<void> {
    return this.submission.submit(async () => {
      const { decision, offer } = this.data;
      const reason = this.form.getRawValue().reason.trim() || undefined;
      await firstValueFrom(this.api.decide(offer.id, decision, reason));
      this.notifier.success(this.t().offers[decision].done);
      this.dialog.close();
    });
  }
}
