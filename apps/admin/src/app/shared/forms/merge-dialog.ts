import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatRadioModule } from '@angular/material/radio';
import { injectTexts } from '../../core/language';
import type { FieldConflict } from './save-edit';

/** Shows what two people made of the same fields, and lets one of them choose field by field. */
@Component({
  selector: 'app-merge-dialog',
  imports: [MatButton, MatDialogModule, MatRadioModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './merge-dialog.html',
  styleUrl: './merge-dialog.scss',
})
export class MergeDialog {
  private readonly dialog = inject<MatDialogRef<MergeDialog, ReadonlySet<string>>>(MatDialogRef);

  protected readonly conflicts = inject<readonly FieldConflict[]>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  /** The fields in which the person's own value stays. */
  protected readonly mine = signal<ReadonlySet<string>>(new Set(this.conflicts.map(({ field }) => field)));

  protected choose(field: string, isMine: boolean): void {
    const others = [...this.mine()].filter((other) => other !== field);
    this.mine.set(new Set(isMine ? [...others, field] : others));
  }

  protected save(): void {
    this.dialog.close(this.mine());
  }
}
