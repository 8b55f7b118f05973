import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { UpdateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { saveEdit } from '../../shared/forms/save-edit';
import { submission } from '../../shared/forms/submission';
import { SubmissionError, SubmitButton } from '../../shared/forms/submit';
import { exactTime, localTime } from '../../shared/time/format-time';
import { chosenExpiry, type ExpiryChoice, ExpiryPicker } from '../expiry-picker';
import { TokensApi } from '../tokens-api';

/** Dialog to change the note and expiry of a token; closes with the saved token. */
@Component({
  selector: 'app-edit-token',
  imports: [
    ExpiryPicker,
    MatButton,
    MatCheckbox,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    ReactiveFormsModule,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().tokenPage.editing.heading }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="save()">
      <mat-dialog-content class="stack">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().tokenPage.editing.note }}</mat-label>
          <input matInput formControlName="note" autocomplete="off" />
          <mat-error>{{ noteError() }}</mat-error>
        </mat-form-field>
        @if (token.kind === 'api') {
          <mat-checkbox class="flush" [checked]="choice() !== null" (change)="changeExpiry($event.checked)">
            {{ t().tokenPage.editing.change }}
          </mat-checkbox>
          @if (choice(); as chosen) {
            <app-expiry-picker
              [label]="t().newToken.expiry.label"
              [choice]="chosen"
              (choiceChange)="choice.set($event)"
            />
          }
        }
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
export class EditToken {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject<MatDialogRef<EditToken, UserTokenDto>>(MatDialogRef);
  private readonly dialogs = inject(MatDialog);
  private readonly language = inject(Language);

  protected readonly token = inject<UserTokenDto>(MAT_DIALOG_DATA);
  protected readonly t = this.language.texts;
  protected readonly form = inject(NonNullableFormBuilder).group({
    note: [this.token.note ?? '', dtoField(UpdateTokenDto, 'note')],
  });
  protected readonly noteError = controlError(() => this.form.controls.note);
  protected readonly submission = submission(this.form);
  /** The requested expiry; `null` = unchanged. */
  protected readonly choice = signal<ExpiryChoice | null>(null);

  protected changeExpiry(isChanged: boolean): void {
    const { expirationTime } = this.token;
    const present: ExpiryChoice =
      expirationTime === undefined ? { kind: 'none' } : { kind: 'custom', text: localTime(expirationTime) };
    this.choice.set(isChanged ? present : null);
  }

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const saved = await this.send();
      if (saved !== null) {
        this.dialog.close(saved);
      }
    });
  }

  private send(): Promise<UserTokenDto | null> {
    const { note, expiry } = this.t().tokenPage.editing;
    const format = (instant: string) => exactTime(instant, this.language.tag()).short;
    return saveEdit(this.dialogs, {
      fields: [
        { field: 'note', label: note },
        { field: 'expirationTime', label: expiry, format },
      ],
      base: this.token,
      change: this.change(),
      save: (change, version) => this.api.update(this.token.id, change, version),
      read: () => this.api.get(this.token.id),
    });
  }

  /** Returns only the fields that differ from the token. */
  private change(): UpdateTokenDto {
    const note = this.form.getRawValue().note.trim() || null;
    const choice = this.choice();
    const expiry = choice === null ? null : chosenExpiry(choice, Date.now());
    return {
      ...(note !== (this.token.note ?? null) && { note }),
      ...(expiry !== null && { expirationTime: expiry.instant }),
    };
  }
}
