import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { injectTexts } from '../core/language';
import { chosenEnd, type ChosenEnd, type EndChoice } from './end';
import { EndPicker } from './end-picker';

/** The dialog that asks for the end of many tokens; it closes with it. */
@Component({
  selector: 'app-extend-tokens',
  imports: [EndPicker, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().tokens.bulk.extend }}</h2>
    <mat-dialog-content>
      <app-end-picker [label]="t().tokens.bulk.extendHeading" [(choice)]="choice" />
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
      <button matButton="filled" type="button" disabledInteractive [disabled]="!isReady()" (click)="choose()">
        {{ t().tokens.bulk.extendAction }}
      </button>
    </mat-dialog-actions>
  `,
})
export class ExtendTokens {
  private readonly dialog = inject<MatDialogRef<ExtendTokens, ChosenEnd>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly choice = signal<EndChoice>({ kind: 'days', days: 90 });
  protected readonly isReady = computed(() => chosenEnd(this.choice(), Date.now()) !== null);

  protected choose(): void {
    const end = chosenEnd(this.choice(), Date.now());
    if (end !== null) {
      this.dialog.close(end);
    }
  }
}
