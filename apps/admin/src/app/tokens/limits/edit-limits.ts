import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { saveEdit } from '../../shared/forms/save-edit';
import { submission } from '../../shared/forms/submission';
import { SubmissionError, SubmitButton } from '../../shared/forms/submit';
import { exactTime } from '../../shared/time/format-time';
import { TokensApi } from '../tokens-api';
import { LimitsFields } from './limits-fields';
import { changedLimits, limitsForm, limitsIn, limitsOf } from './limits-form';

/** Dialog to change the limits of a token and its metadata; closes with the saved token. */
@Component({
  selector: 'app-edit-limits',
  imports: [LimitsFields, MatButton, MatDialogModule, ReactiveFormsModule, SubmissionError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().limits.edit }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="save()">
      <mat-dialog-content class="stack">
        <app-limits-fields [form]="form" />
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
        <app-submit-button
          [label]="t().common.save"
          [sending]="t().common.saving"
          [submission]="submission"
        />
      </mat-dialog-actions>
    </form>
  `,
})
export class EditLimits {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject<MatDialogRef<EditLimits, UserTokenDto>>(MatDialogRef);
  private readonly dialogs = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly token = inject<UserTokenDto>(MAT_DIALOG_DATA);

  protected readonly t = this.language.texts;
  protected readonly form = limitsForm(limitsOf(this.token));
  protected readonly submission = submission(this.form);

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const before = limitsOf(this.token);
      const { addresses, notBefore, maxUses, rate, metadata } = this.t().limits;
      const format = (instant: string) => exactTime(instant, this.language.tag()).short;
      const saved = await saveEdit(this.dialogs, {
        fields: [
          { field: 'allowedAddresses', label: addresses },
          { field: 'notBefore', label: notBefore, format },
          { field: 'maxUses', label: maxUses },
          { field: 'rateLimit', label: rate },
          { field: 'metadata', label: metadata },
        ],
        base: this.token,
        change: changedLimits(before, limitsIn(this.form, before)),
        save: (change, version) => this.api.update(this.token.id, change, version),
        read: () => this.api.get(this.token.id),
      });
      if (saved !== null) {
        this.dialog.close(saved);
      }
    });
  }
}
