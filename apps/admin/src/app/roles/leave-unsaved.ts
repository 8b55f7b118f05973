import type { MatDialog } from '@angular/material/dialog';
import type { Texts } from '../core/texts/texts';
import { confirmed } from '../shared/confirm';

/** Asks whether a page is left with changes that are not saved. */
export function leavesUnsaved(dialog: MatDialog, { roles }: Texts): Promise<boolean> {
  const { heading, text, action } = roles.leave;
  return confirmed(dialog, { heading, consequences: [text], action });
}
