import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import type { BulkItemResultDto } from '@latchkey/auth-models';
import type { ErrorCode } from '@latchkey/auth-models/lists';
import { injectTexts } from '../../core/language';

/** Maximum number of names per reason, as a server may reject thousands of rows. */
const NAMES_SHOWN = 50;

/** Rejected rows of a bulk request. */
export interface BulkRejectionsData {
  readonly rejected: readonly BulkItemResultDto[];
  readonly total: number;
}

/** Dialog with the rejected rows of a bulk request by reason. */
@Component({
  selector: 'app-bulk-rejections',
  imports: [MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().lists.rejections.heading(rejected.length, total) }}</h2>
    <mat-dialog-content>
      @if (rejected.length < total) {
        <p>{{ t().lists.rejections.text }}</p>
      }
      @for (group of groups(); track group.reason) {
        <h3 class="small-title">{{ group.reason }}</h3>
        <ul>
          @for (name of group.names; track name) {
            <li>
              <bdi>{{ name }}</bdi>
            </li>
          }
        </ul>
        @if (group.more > 0) {
          <p class="quiet">{{ t().lists.rejections.more(group.more) }}</p>
        }
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton="filled" type="button" mat-dialog-close>{{ t().common.close }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    h3 {
      margin-top: var(--space-3);
      color: var(--mat-sys-on-surface);
    }
    ul {
      padding-left: var(--space-5);
      list-style: disc;
    }
  `,
})
export class BulkRejections {
  protected readonly t = injectTexts();
  private readonly data = inject<BulkRejectionsData>(MAT_DIALOG_DATA);
  protected readonly rejected = this.data.rejected;
  protected readonly total = this.data.total;
  protected readonly groups = computed(() => {
    const byReason = new Map<string, string[]>();
    for (const { id, code } of this.rejected) {
      const reason = this.reasonOf(code);
      byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
    }
    return [...byReason].map(([reason, names]) => ({
      reason,
      names: names.slice(0, NAMES_SHOWN),
      more: Math.max(0, names.length - NAMES_SHOWN),
    }));
  });

  private reasonOf(code: ErrorCode = 'internal_error'): string {
    const { lists, problems } = this.t();
    const known = lists.rejections.reasons[code] ?? problems.codes[code];
    // A failure of the server has no text of its own here.
    return known ?? (code === 'forbidden' ? problems.headings.forbidden : code);
  }
}
