import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, type MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';

/** A question before something that cannot be undone. */
export interface Question {
  readonly heading: string;
  /** What will happen, a sentence or two each. */
  readonly consequences: readonly string[];
  /** What the button that does it says. */
  readonly action: string;
  /** What has to be typed first, where a click is too little for what happens. */
  readonly typed?: string;
  /** Whether nothing is lost by it, so that the button need not warn. */
  readonly isHarmless?: boolean;
}

/** The dialog of {@link confirmed}. */
@Component({
  selector: 'app-confirm',
  imports: [MatButton, MatDialogModule, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ question.heading }}</h2>
    <mat-dialog-content>
      @for (consequence of question.consequences; track consequence) {
        <p>{{ consequence }}</p>
      }
      @if (question.typed; as typed) {
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().common.typeToConfirm(typed) }}</mat-label>
          <input
            #field
            matInput
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            (input)="written.set(field.value.trim())"
            (keydown.enter)="agree()"
          />
        </mat-form-field>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" [mat-dialog-close]="false">{{ t().common.cancel }}</button>
      <button
        matButton="filled"
        type="button"
        disabledInteractive
        [class.danger]="!question.isHarmless"
        [disabled]="!isReady()"
        (click)="agree()"
      >
        {{ question.action }}
      </button>
    </mat-dialog-actions>
  `,
})
export class Confirm {
  private readonly dialog = inject<MatDialogRef<Confirm, boolean>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
  protected readonly written = signal('');
  protected readonly isReady = computed(
    () => this.question.typed === undefined || this.written() === this.question.typed,
  );

  protected agree(): void {
    if (this.isReady()) {
      this.dialog.close(true);
    }
  }
}

/** Asks, and tells whether the person agreed. */
export async function confirmed(dialog: MatDialog, question: Question): Promise<boolean> {
  const opened = dialog.open<Confirm, Question, boolean>(Confirm, {
    data: question,
    role: 'alertdialog',
    width: '440px',
  });
  return (await firstValueFrom(opened.afterClosed())) ?? false;
}
