import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import type { ListSelection } from '../list/list-selection';
import type { RowList } from '../list/row-list';
import { Icon } from '../ui/icon';

/** What can be done to the selected rows, in place of the line above the list. */
@Component({
  selector: 'app-bulk-bar',
  imports: [Icon, MatButton, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'toolbar' },
  template: `
    <button
      matIconButton
      type="button"
      [attr.aria-label]="t().lists.selection.clear"
      (click)="selection().clear()"
    >
      <app-icon name="close" />
    </button>
    <p aria-live="polite">{{ t().lists.selection.count(selection().count()) }}</p>
    @if (offersEverything()) {
      <button matButton type="button" (click)="selection().selectEverything()">
        {{ t().lists.selection.allMatching(list().total() ?? 0) }}
      </button>
    }
    <div class="actions"><ng-content /></div>
  `,
  styleUrl: './bulk-bar.scss',
})
export class BulkBar<T> {
  readonly list = input.required<RowList<T>>();
  readonly selection = input.required<ListSelection<T>>();

  protected readonly t = injectTexts();
  protected readonly offersEverything = computed(() => {
    const selection = this.selection();
    return !selection.isEverything() && (this.list().total() ?? 0) > selection.count();
  });
}
