import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../core/language';
import { guardUnsaved } from '../shared/leave-guard';
import { localTime } from '../shared/time/format-time';

/** Instants, each absent for no limit. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Dialog for the start and end of a period; closes with it. Loaded on demand, because Material's form field
 * is large.
 */
@Component({
  selector: 'app-custom-period',
  imports: [MatButton, MatDialogModule, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().audit.periods.label }}</h2>
    <form
      novalidate
      class="dialog-form"
      (input)="isTyped = true"
      (submit)="$event.preventDefault(); choose(start.value, finish.value)"
    >
      <mat-dialog-content class="stack">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().audit.filters.from }}</mat-label>
          <input #start matInput type="datetime-local" [value]="local(period.from)" />
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().audit.filters.to }}</mat-label>
          <input #finish matInput type="datetime-local" [value]="local(period.to)" />
        </mat-form-field>
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
        <button matButton="filled" type="submit">{{ t().lists.apply }}</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class CustomPeriod {
  private readonly dialog = inject<MatDialogRef<CustomPeriod, Period>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly period = inject<Period>(MAT_DIALOG_DATA);
  protected isTyped = false;

  constructor() {
    guardUnsaved(() => this.isTyped);
  }

  protected local(instant: string | null): string {
    return instant === null ? '' : localTime(instant);
  }

  protected choose(start: string, finish: string): void {
    const instant = (text: string): string | null => (text === '' ? null : new Date(text).toISOString());
    this.dialog.close({ from: instant(start), to: instant(finish) });
  }
}
