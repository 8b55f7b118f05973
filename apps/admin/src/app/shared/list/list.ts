import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  contentChildren,
  DOCUMENT,
  effect,
  ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { Router } from '@angular/router';
import { injectTexts } from '../../core/language';
import { BulkBar } from '../bulk/bulk-bar';
import { FilterChip, type ListFilter } from '../filters/filter-chip';
import { FilterMenu, type ListPreset } from '../filters/filter-menu';
import { SearchField } from '../filters/search-field';
import { Icon } from '../ui/icon';
import { ListCards } from './list-cards';
import { columnsThatFit, ListColumn } from './list-column';
import { ListFrame } from './list-frame';
import { listLayout } from './list-layout';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { ListWidth } from './list-width';
import { ListTable, sortOrder } from './list-table';
import type { RowList } from './paged-list';
import { type ListRow, RowCheckbox } from './rows';
import { ViewMenu } from './view-menu';
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
  imports: [
    BulkBar,
    FilterChip,
    FilterMenu,
    Icon,
    ListCards,
    ListFrame,
    ListTable,
    MatButton,
    MatMenuModule,
    RowCheckbox,
    SearchField,
    ViewMenu,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.narrow]': 'isNarrow()' },
  providers: [ListWidth],
  templateUrl: './list.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
    }
    .tools {
      gap: 4px;
      min-height: 44px;
      margin-bottom: 12px;
    }
    .search {
      display: flex;
      flex: 1 1 320px;
      align-items: center;
      min-width: 0;
      gap: 8px;
    }
    app-search-field {
      flex: 1;
      min-width: 0;
      max-width: 440px;
    }
    .chips {
      margin-bottom: 12px;
    }
    /* In line with the boxes of the cards, whose frame is a line and its padding further in. */
    .tools > app-row-checkbox {
      margin-left: 6px;
    }
    .tools > p {
      max-width: 100%;
      margin: 0 8px;
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
    }
    /* At the bottom of the screen, where a thumb reaches it and no row gives way to it. */
    :host(.narrow) app-bulk-bar {
      order: 1;
    }
    :host(.narrow) .search {
      flex-basis: 100%;
    }
    :host(.narrow) app-search-field {
      max-width: none;
    }
    :host(.narrow) .tools > p {
      flex: 1;
      margin-left: 2px;
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
  protected readonly unset = computed(() =>
    this.filters().filter(({ name }) => (this.state().query().filters[name] ?? null) === null),
  );
  /** Filter without a value, whose chip is open to choose one. */
  protected readonly added = linkedSignal<readonly ListFilter[], string | null>({
    source: this.unset,
    computation: (unset, previous) => unset.find(({ name }) => name === previous?.value)?.name ?? null,
  });
  protected readonly chips = computed(() =>
    this.filters().filter((filter) => !this.unset().includes(filter) || filter.name === this.added()),
  );

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const injector = inject(Injector);
    const document = inject(DOCUMENT);
    // The focus returns to a place near the bulk bar or the chip that disappears with it.
    const returnFocus = (place: string): void => {
      const hadFocus = host.contains(document.activeElement);
      const isLost = () => hadFocus && document.activeElement === document.body;
      afterNextRender(() => isLost() && host.querySelector<HTMLElement>(place)?.focus(), { injector });
    };
    effect(() => {
      if (!this.hasSelection() && this.selection() !== null) {
        returnFocus('app-row-checkbox input');
      }
    });
    let shown = 0;
    effect(() => {
      const { length } = this.chips();
      if (length < shown) {
        returnFocus('app-filter-menu button');
      }
      shown = length;
    });
  }

  protected applyFilter({ name }: ListFilter, value: string | null): void {
    if (value === null) {
      // Otherwise its menu would disappear with its last value.
      this.added.set(name);
    }
    this.state().filter({ [name]: value });
  }
}
