import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  signal,
  type WritableSignal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, type MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import type { Texts } from '../../core/texts/texts';
import { focusOrigin } from '../focus';
import { ConfirmWord } from './confirm-word';

/** A choice that belongs to a question. */
export interface Choice {
  readonly label: string;
  /** Member of the request body that is `true` when the box is checked. */
  readonly member: string;
  readonly isChosen: WritableSignal<boolean>;
}

/** A question before something that cannot be undone. */
export interface Question {
  readonly heading: string;
  /** What will happen, a sentence or two each. */
  readonly consequences: readonly string[];
  /** What the button that does it says. */
  readonly action: string;
  /** A checkbox below the consequences. */
  readonly choice?: Choice;
  /** What has to be typed first, where a click is too little for what happens. */
  readonly typed?: string;
  /** Whether nothing is lost by it, so that the button need not warn. */
  readonly isHarmless?: boolean;
}

/** The dialog of {@link confirmed}. */
@Component({
  selector: 'app-confirm-dialog',
  imports: [ConfirmWord, MatButton, MatCheckbox, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ question.heading }}</h2>
    <mat-dialog-content>
      @for (consequence of question.consequences; track consequence) {
        <p>{{ consequence }}</p>
      }
      @if (question.choice; as choice) {
        @defer (on immediate) {
          <mat-checkbox (change)="choice.isChosen.set($event.checked)">{{ choice.label }}</mat-checkbox>
        } @placeholder {
          <div class="choice"></div>
        }
      }
      @if (question.typed; as typed) {
        @defer (on immediate) {
          <app-confirm-word [word]="typed" (written)="written.set($event)" (entered)="agree()" />
        } @placeholder {
          <div class="field"></div>
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
        (click)="agree()"
      >
        {{ question.action }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    .field {
      height: 52px;
    }
    .choice {
      height: 48px;
    }
    mat-checkbox {
      display: block;
      margin: 0 0 8px -11px;
    }
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

/**
 * Asks, and tells whether the person agreed.
 *
 * @param restoreFocus where the focus goes afterwards, if the server was asked first, during which a menu goes away.
 */
export async function confirmed(
  dialog: MatDialog,
  question: Question,
  restoreFocus = focusOrigin(),
): Promise<boolean> {
  const opened = dialog.open<Confirm, Question, boolean>(Confirm, {
    data: question,
    role: 'alertdialog',
    restoreFocus,
    width: '440px',
  });
  return (await firstValueFrom(opened.afterClosed())) ?? false;
}

/** Asks whether a page is left with changes that are not saved. */
export function confirmLeave(dialog: MatDialog, { common }: Texts): Promise<boolean> {
  const { heading, text, action } = common.leaveUnsaved;
  return confirmed(dialog, { heading, consequences: [text], action });
}
