import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { injectTexts } from '../core/language';
import { Icon } from '../shared/ui/icon';
import type { Destination } from './destinations';

/** The map of the keyboard. */
@Component({
  selector: 'app-shortcuts',
  imports: [Icon, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './shortcuts.html',
  styleUrl: './shortcuts.scss',
})
export class Shortcuts {
  protected readonly t = injectTexts();
  protected readonly destinations = inject<readonly Destination[]>(MAT_DIALOG_DATA);
}
