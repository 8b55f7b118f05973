import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, type MatDialog, MatDialogModule } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

/** A question before something that cannot be undone. */
export interface Question {
  readonly heading: string;
  /** What will happen, a sentence or two each. */
  readonly consequences: readonly string[];
  /** What the button that does it says. */
  readonly action: string;
}

/** The dialog of {@link confirmed}. */
@Component({
  selector: 'app-confirm',
  imports: [MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ question.heading }}</h2>
    <mat-dialog-content>
      @for (consequence of question.consequences; track consequence) {
        <p>{{ consequence }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" [mat-dialog-close]="false">Cancel</button>
      <button matButton="filled" class="danger" type="button" [mat-dialog-close]="true">
        {{ question.action }}
      </button>
    </mat-dialog-actions>
  `,
})
export class Confirm {
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
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
