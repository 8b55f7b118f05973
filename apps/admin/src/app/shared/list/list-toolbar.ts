import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { narrowScreen } from '../ui/narrow-screen';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { sortOrder } from './list-table';
import type { RowList } from './paged-list';
import { RowCheckbox } from './rows';
import { type SortChoice, SortMenu } from './sort-menu';

/** Toolbar above a list: number of rows, a button to clear the search, and the sort menu if column headers are not enough. */
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
  /** Fields that column headers sort by. */
  readonly headers = input<readonly string[]>([]);
  readonly selection = input<ListSelection<T> | null>(null);
  /** Formats the number of rows, such as `12 users`. */
  readonly countOf = input.required<(total: number) => string>();

  protected readonly t = injectTexts();
  protected readonly isNarrow = narrowScreen();
  /** The selection, if the checkbox for the whole page is shown here because there is no table header. */
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
