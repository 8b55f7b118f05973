import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, type MatDialog, MatDialogModule } from '@angular/material/dialog';
import { injectTexts } from '../../core/language';
import { focusOrigin } from '../focus';
import { CopyButton } from './copy-button';

interface RawResource {
  /** Path of the resource, such as `/users/anna`. */
  readonly path: string;
  readonly value: unknown;
}

/** Dialog with the JSON of a resource, and the curl command to fetch it. */
@Component({
  selector: 'app-raw-json',
  imports: [CopyButton, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().common.raw }}</h2>
    <mat-dialog-content class="stack">
      @for (text of texts; track $index) {
        <div class="code-box">
          <app-copy-button [text]="text" />
          <pre tabindex="0"><code>{{ text }}</code></pre>
        </div>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" mat-dialog-close>{{ t().common.close }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    app-copy-button {
      float: right;
      margin: calc(-1 * var(--space-1)) calc(-1 * var(--space-1)) var(--space-2) var(--space-3);
    }
    pre {
      white-space: inherit;
    }
  `,
})
export class RawJson {
  private readonly resource = inject<RawResource>(MAT_DIALOG_DATA);

  protected readonly t = injectTexts();
  protected readonly texts = [
    `curl -H "X-Auth-Token: $TOKEN" '${inject(DOCUMENT).location.origin}${this.resource.path}'`,
    JSON.stringify(this.resource.value, null, 2),
  ];

  /** Opens the dialog from a menu. */
  static open(dialog: MatDialog, path: string, value: unknown): void {
    dialog.open<RawJson, RawResource>(RawJson, {
      data: { path, value },
      width: '840px',
      maxWidth: '100vw',
      panelClass: 'app-sheet',
      restoreFocus: focusOrigin(),
    });
  }
}
