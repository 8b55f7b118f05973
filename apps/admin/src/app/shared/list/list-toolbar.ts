import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { narrowScreen } from '../ui/narrow-screen';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { sortOrder } from './list-table';
import { RowCheckbox } from './row-checkbox';
import type { RowList } from './row-list';
import { type SortChoice, SortMenu } from './sort-menu';

/**
 * The line above any list: how many rows there are, the way out of a search, and the order where column headers do not
 * give it.
 */
@Component({
  selector: 'app-list-toolbar',
  imports: [SortMenu, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (tickable(); as selection) {
      <app-row-checkbox
        [label]="t().lists.selection.page"
        [checked]="selection.isPageSelected()"
        [indeterminate]="selection.isPagePartlySelected()"
        (toggled)="selection.togglePage()"
      />
    }
    <p aria-live="polite">
      @if (counted(); as counted) {
        {{ counted }}
        @if (state().isFiltered()) {
          {{ t().lists.found }}
          <button class="link-button" type="button" (click)="state().clearFilters()">
            {{ t().lists.clear }}
          </button>
        }
      }
    </p>
    <div>
      @if (offersOrders()) {
        <app-sort-menu
          [choices]="sortChoices()"
          [sort]="state().query().sort"
          (sortChange)="state().navigate({ sort: $event, page: 1 })"
        />
      }
      <ng-content />
    </div>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      justify-content: space-between;
      min-height: 44px;
      margin: 8px 0;
    }
    /* In line with the boxes of the cards, whose frame is a line and its padding further in. */
    app-row-checkbox {
      margin-left: 6px;
    }
    div {
      display: flex;
      flex: none;
      align-items: center;
      margin-left: auto;
    }
    p {
      margin: 0;
      padding-left: 2px;
      color: var(--mat-sys-on-surface-variant);
      font-size: 13px;
    }
  `,
})
export class ListToolbar<T> {
  readonly list = input.required<RowList<T>>();
  readonly state = input.required<ListState>();
  readonly sortChoices = input.required<readonly SortChoice[]>();
  /** The fields that column headers sort by, where there are headers. */
  readonly headers = input<readonly string[]>([]);
  readonly selection = input<ListSelection<T> | null>(null);
  /** So many rows in words, such as `12 users`. */
  readonly countOf = input.required<(total: number) => string>();

  protected readonly t = injectTexts();
  protected readonly isNarrow = narrowScreen();
  /** The selection, where its box for the whole page stands here and there are rows for it. */
  protected readonly tickable = computed(() =>
    this.isNarrow() && this.list().status() === 'rows' ? this.selection() : null,
  );
  protected readonly offersOrders = computed(() => {
    const choices = this.sortChoices();
    return this.isNarrow()
      ? choices.length > 0
      : choices.some(({ sort }) => !this.headers().includes(sortOrder(sort).active));
  });
  protected readonly counted = computed(() => {
    const { status, total } = this.list();
    const count = total();
    return count !== null && ['rows', 'no-match'].includes(status()) ? this.countOf()(count) : null;
  });
}
