import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { type MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { focusOrigin } from '../shared/focus';
import { guardUnsaved } from '../shared/leave-guard';
import {
  chosenExpiry,
  type ChosenExpiry,
  DEFAULT_EXPIRY,
  type ExpiryChoice,
  ExpiryPicker,
} from './expiry-picker';

/** Dialog to choose a new expiry; closes with it. */
@Component({
  selector: 'app-extend-tokens',
  imports: [ExpiryPicker, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().tokens.bulk.extend }}</h2>
    <mat-dialog-content>
      <app-expiry-picker [label]="t().tokens.bulk.extendHeading" [(choice)]="choice" />
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
  private readonly dialog = inject<MatDialogRef<ExtendTokens, ChosenExpiry>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly choice = signal<ExpiryChoice>(DEFAULT_EXPIRY);
  protected readonly isReady = computed(() => chosenExpiry(this.choice(), Date.now()) !== null);

  constructor() {
    guardUnsaved(() => this.choice() !== DEFAULT_EXPIRY);
  }

  protected choose(): void {
    const expiry = chosenExpiry(this.choice(), Date.now());
    if (expiry !== null) {
      this.dialog.close(expiry);
    }
  }
}

/** Asks for a new expiry. */
export function askForExpiry(dialog: MatDialog): Promise<ChosenExpiry | undefined> {
  const opened = dialog.open<ExtendTokens, void, ChosenExpiry>(ExtendTokens, {
    width: '520px',
    restoreFocus: focusOrigin(),
  });
  return firstValueFrom(opened.afterClosed());
}
