import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { injectTexts } from '../../core/language';
import { guardUnsaved } from '../../shared/leave-guard';
import { RecoveryCodes } from './recovery-codes';

/** Dialog with new recovery codes. */
@Component({
  selector: 'app-new-recovery-codes',
  imports: [RecoveryCodes],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-recovery-codes [lead]="t().factors.codes.renew.done" [codes]="codes" (done)="dialog.close()" />
  `,
})
export class NewRecoveryCodes {
  protected readonly dialog = inject<MatDialogRef<NewRecoveryCodes>>(MatDialogRef);
  protected readonly codes = inject<readonly string[]>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();

  constructor() {
    // The codes cannot be shown again, so only their button closes the dialog.
    guardUnsaved(() => null);
  }
}
