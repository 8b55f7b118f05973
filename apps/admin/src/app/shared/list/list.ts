import { ChangeDetectionStrategy, Component, computed, contentChildren, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { Router } from '@angular/router';
import { injectTexts } from '../../core/language';
import { BulkBar } from '../bulk/bulk-bar';
import type { ListFilter } from '../filters/filter-chip';
import type { ListPreset } from '../filters/filter-menu';
import { focusAfterRemoval } from '../focus';
import { Icon } from '../ui/icon';
import { ListCards } from './list-cards';
import { columnsThatFit, ListColumn } from './list-column';
import { ListFrame } from './list-frame';
import { listLayout } from './list-layout';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { ListTable, sortOrder } from './list-table';
import { ListTools } from './list-tools';
import { ListWidth } from './list-width';
import type { RowList } from './paged-list';
import { type ListRow, RowCheckbox } from './rows';
import type { HideableColumn } from './view-panel';

export interface RowIdentity {
  /** Id in bulk requests. */
  readonly id: string;
  readonly name: string;
  /** Router commands of its page. */
  readonly link: readonly string[];
}

/**
 * List with search, filters, sorting and pagination by the server, and its state in the URL. Content: the
 * columns, `listActions` for selected rows and `listEmpty` for the empty state.
 */
@Component({
  selector: 'app-list',
  imports: [BulkBar, Icon, ListCards, ListFrame, ListTable, ListTools, MatButton, MatMenuModule, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.narrow]': 'isNarrow()' },
  providers: [ListWidth],
  templateUrl: './list.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
    }
    /* In line with the boxes of the cards, whose frame is a line and its padding further in. */
    app-list-tools > app-row-checkbox {
      margin-left: var(--space-2);
    }
    p {
      max-width: 100%;
      margin: 0 var(--space-2);
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
    }
    /* At the bottom of the screen, where a thumb reaches it and no row gives way to it. */
    :host(.narrow) app-bulk-bar {
      order: 1;
    }
    :host(.narrow) p {
      flex: 1;
      margin-left: var(--space-half);
    }
  `,
})
export class List<T> {
  private readonly router = inject(Router);

  /** Name of the list, for its layout in the browser's storage. */
  readonly name = input.required<string>();
  readonly list = input.required<RowList<T>>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();
  /** Label of the search; `null` = no search. */
  readonly searchLabel = input<string | null>(null);
  readonly filters = input<readonly ListFilter[]>([]);
  readonly presets = input<readonly ListPreset[]>([]);
  readonly headings = input.required<Readonly<Record<string, string>>>();
  /** Orders to choose from: a name for each `sort` parameter. */
  readonly sorts = input<Readonly<Record<string, string>>>({});
  /** Formats the number of rows, such as `12 users`. */
  readonly countOf = input.required<(total: number) => string>();
  readonly rowOf = input.required<(row: T) => RowIdentity>();
  readonly selection = input<ListSelection<T> | null>(null);
  /** Path of the list in the API. */
  readonly path = input.required<string>();

  protected readonly t = injectTexts();
  private readonly width = inject(ListWidth);
  protected readonly isNarrow = this.width.isNarrow;
  protected readonly columns = contentChildren<ListColumn<T>>(ListColumn);
  protected readonly layout = listLayout(this.name);
  /** Names of the columns of the table. The sorted column is among the last to be left out. */
  protected readonly shown = computed(() => {
    const order = sortOrder(this.state().query().sort).active;
    const hidden = this.layout.hidden();
    const wanted = this.columns()
      .map((column) => ({
        name: column.appColumn(),
        width: column.width(),
        priority: column.appColumn() === order ? Math.min(column.priority(), 1) : column.priority(),
      }))
      .filter(({ name }, place) => place === 0 || !hidden.has(name));
    return columnsThatFit(wanted, this.width.value());
  });
  /** Columns after the first, which identifies the row. */
  protected readonly hideable = computed((): HideableColumn[] =>
    this.columns()
      .slice(1)
      .map((column) => {
        const name = column.appColumn();
        const isLeftOut = !this.shown().has(name) && !this.layout.hidden().has(name);
        return { name, label: this.headings()[name] ?? name, isLeftOut };
      }),
  );
  protected readonly rows = computed((): ListRow<T>[] =>
    this.list()
      .rows()
      .map((row) => {
        const { id, name, link } = this.rowOf()(row);
        return { row, id, name, link: this.router.createUrlTree([...link]) };
      }),
  );
  protected readonly orderNames = computed(() => Object.keys(this.sorts()));
  /** Whether there is a menu of orders. A table has its column headers instead. */
  protected readonly offersOrders = computed(() => this.isNarrow() && this.orderNames().length > 0);
  protected readonly counted = computed(() => {
    const { status, total } = this.list();
    const count = total();
    return count !== null && ['rows', 'no-match'].includes(status()) ? this.countOf()(count) : null;
  });
  protected readonly hasSelection = computed(() => (this.selection()?.count() ?? 0) > 0);

  constructor() {
    focusAfterRemoval(() => Number(this.hasSelection()), 'app-row-checkbox input');
  }
}
