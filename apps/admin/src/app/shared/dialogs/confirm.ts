import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  signal,
  type WritableSignal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, type MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { focusOrigin } from '../focus';
import { ConfirmFields } from '../forms/deferred-fields';

/** A checkbox of a confirmation. */
export interface ConfirmOption {
  readonly label: string;
  /** Member of the request body that is `true` when the box is checked. */
  readonly member: string;
  readonly isChecked: WritableSignal<boolean>;
}

/** A confirmation before an action with consequences. */
export interface Question {
  readonly heading: string;
  /** Name of what is changed, above the consequences. */
  readonly subject?: string;
  /** The effects of the action, one paragraph each. */
  readonly consequences: readonly string[];
  /** Caption of the button that confirms. */
  readonly action: string;
  readonly option?: ConfirmOption;
  /** Text that the user must type first, where a click is too little for the effect. */
  readonly typed?: string;
  /** Whether the action can be undone, so that the button carries no warning color. */
  readonly isHarmless?: boolean;
}

/** The dialog of {@link confirmed}. */
@Component({
  selector: 'app-confirm-dialog',
  imports: [ConfirmFields, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ question.heading }}</h2>
    <mat-dialog-content>
      @if (question.subject; as subject) {
        <p>
          <strong>{{ subject }}</strong>
        </p>
      }
      @for (consequence of question.consequences; track consequence) {
        <p>{{ consequence }}</p>
      }
      @if (question.option || question.typed) {
        @defer (on immediate) {
          <app-confirm-fields
            [option]="question.option?.label"
            [word]="question.typed"
            (checked)="question.option?.isChecked?.set($event)"
            (typed)="word.set($event)"
            (submitted)="confirm()"
          />
        } @placeholder {
          <div [style.height.px]="(question.option ? 56 : 0) + (question.typed ? 52 : 0)"></div>
        }
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
        (click)="confirm()"
      >
        {{ question.action }}
      </button>
    </mat-dialog-actions>
  `,
})
export class ConfirmDialog {
  private readonly dialog = inject<MatDialogRef<ConfirmDialog, boolean>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
  protected readonly word = signal('');
  protected readonly isReady = computed(
    () => this.question.typed === undefined || this.word() === this.question.typed,
  );

  protected confirm(): void {
    if (this.isReady()) {
      this.dialog.close(true);
    }
  }
}

/**
 * Opens a confirmation and returns whether the user confirmed.
 *
 * @param restoreFocus the element to focus afterwards, if a request came first during which the menu closed.
 */
export async function confirmed(
  dialog: MatDialog,
  question: Question,
  restoreFocus = focusOrigin(),
): Promise<boolean> {
  const opened = dialog.open<ConfirmDialog, Question, boolean>(ConfirmDialog, {
    data: question,
    role: 'alertdialog',
    restoreFocus,
    width: '440px',
  });
  return (await firstValueFrom(opened.afterClosed())) ?? false;
}
