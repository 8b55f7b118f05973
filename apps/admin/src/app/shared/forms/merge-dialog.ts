import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatRadioModule } from '@angular/material/radio';
import { injectTexts } from '../../core/language';

/** A field with two different concurrent changes. */
export interface FieldConflict {
  readonly field: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

/** Dialog to choose between two concurrent values, field by field. */
@Component({
  selector: 'app-merge-dialog',
  imports: [MatButton, MatDialogModule, MatRadioModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().merge.heading }}</h2>
    <mat-dialog-content>
      <p>{{ t().merge.text }}</p>
      @for (conflict of conflicts; track conflict.field) {
        <fieldset>
          <legend>{{ conflict.label }}</legend>
          <mat-radio-group
            [attr.aria-label]="conflict.label"
            [value]="mine().has(conflict.field)"
            (change)="choose(conflict.field, $event.value)"
          >
            <mat-radio-button [value]="true">
              <span class="whose quiet">{{ t().merge.mine }}</span>
              <bdi>{{ conflict.mine || t().common.none }}</bdi>
            </mat-radio-button>
            <mat-radio-button [value]="false">
              <span class="whose quiet">{{ t().merge.theirs }}</span>
              <bdi>{{ conflict.theirs || t().common.none }}</bdi>
            </mat-radio-button>
          </mat-radio-group>
        </fieldset>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
      <button matButton="filled" type="button" (click)="save()">{{ t().common.save }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    fieldset {
      margin-top: var(--space-4);
      padding: var(--space-1) var(--space-3) var(--space-2);
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: var(--mat-sys-corner-medium);
    }
    legend {
      margin: 0;
      padding: 0 var(--space-1);
    }
    mat-radio-button {
      display: block;
    }
    .whose {
      display: inline-block;
      min-width: 72px;
    }
  `,
})
export class MergeDialog {
  private readonly dialog = inject<MatDialogRef<MergeDialog, ReadonlySet<string>>>(MatDialogRef);

  protected readonly conflicts = inject<readonly FieldConflict[]>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  /** The fields that keep the user's own value. */
  protected readonly mine = signal<ReadonlySet<string>>(new Set(this.conflicts.map(({ field }) => field)));

  protected choose(field: string, isMine: boolean): void {
    const others = [...this.mine()].filter((other) => other !== field);
    this.mine.set(new Set(isMine ? [...others, field] : others));
  }

  protected save(): void {
    this.dialog.close(this.mine());
  }
}
