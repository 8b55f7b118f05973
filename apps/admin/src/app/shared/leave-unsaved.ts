import type { MatDialog } from '@angular/material/dialog';
import type { Texts } from '../core/texts/texts';
import { confirmed } from './confirm';

/** Asks whether a page is left with changes that are not saved. */
export function leavesUnsaved(dialog: MatDialog, { common }: Texts): Promise<boolean> {
  const { heading, text, action } = common.leaveUnsaved;
  return confirmed(dialog, { heading, consequences: [text], action });
}
