import { ChangeDetectionStrategy, Component, ElementRef, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { UpdateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { focusFirstInvalid } from '../../shared/focus';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { FormError } from '../../shared/forms/form-error';
import { saveEdit } from '../../shared/forms/save-edit';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { SubmitButton } from '../../shared/forms/submit-button';
import { exactTime, localTime } from '../../shared/time/format-time';
import { chosenExpiry, type ExpiryChoice } from '../expiry-choice';
import { ExpiryPicker } from '../expiry-picker';
import { TokensApi } from '../tokens-api';

/** The dialog that changes the note and the end of a token; it closes with what was saved. */
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
    FormError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './edit-token.html',
  styleUrl: './edit-token.scss',
})
export class EditToken {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject<MatDialogRef<EditToken, UserTokenDto>>(MatDialogRef);
  private readonly dialogs = inject(MatDialog);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly language = inject(Language);

  protected readonly token = inject<UserTokenDto>(MAT_DIALOG_DATA);
  protected readonly t = this.language.texts;
  protected readonly form = inject(NonNullableFormBuilder).group({
    note: [this.token.note ?? '', dtoField(UpdateTokenDto, 'note')],
  });
  protected readonly noteError = controlError(() => this.form.controls.note);
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);
  /** The end that is wished; `null` = the one it has. */
  protected readonly choice = signal<ExpiryChoice | null>(null);

  protected changeEnd(isWished: boolean): void {
    const { expirationTime } = this.token;
    const present: ExpiryChoice =
      expirationTime === undefined ? { kind: 'none' } : { kind: 'own', text: localTime(expirationTime) };
    this.choice.set(isWished ? present : null);
  }

  protected save(): Promise<void> {
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const saved = await this.send();
        if (saved !== null) {
          this.dialog.close(saved);
        }
      },
      (problem) => {
        this.refusal.set(showServerErrors(this.form, problem, this.t()));
        focusFirstInvalid(this.host);
      },
    );
  }

  private send(): Promise<UserTokenDto | null> {
    const { note, end } = this.t().tokens.page.editing;
    const tell = (instant: string) => exactTime(instant, this.language.tag()).short;
    return saveEdit(this.dialogs, {
      fields: [
        { field: 'note', label: note },
        { field: 'expirationTime', label: end, tell },
      ],
      base: this.token,
      change: this.change(),
      save: (change, version) => this.api.update(this.token.id, change, version),
      read: () => this.api.get(this.token.id),
    });
  }

  /** What differs from the token, and nothing else. */
  private change(): UpdateTokenDto {
    const note = this.form.getRawValue().note.trim() || null;
    const choice = this.choice();
    const end = choice === null ? null : chosenExpiry(choice, Date.now());
    return {
      ...(note !== (this.token.note ?? null) && { note }),
      ...(end !== null && { expirationTime: end.instant }),
    };
  }
}
