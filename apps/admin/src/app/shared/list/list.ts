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
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { Router } from '@angular/router';
import { injectTexts } from '../../core/language';
import { BulkBar } from '../bulk/bulk-bar';
import { FilterChip, type ListFilter } from '../filters/filter-chip';
import { SearchField } from '../filters/search-field';
import { Icon } from '../ui/icon';
import { ExportMenu } from './export-menu';
import { ListCards } from './list-cards';
import { ListColumn } from './list-column';
import { ListFrame } from './list-frame';
import { listLayout } from './list-layout';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { ListWidth } from './list-width';
import { ListTable } from './list-table';
import type { RowList } from './paged-list';
import { type ListRow, RowCheckbox } from './rows';
import { type HideableColumn, ViewMenu } from './view-menu';

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
    ExportMenu,
    FilterChip,
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
    app-search-field {
      flex: 1 1 320px;
      max-width: 440px;
    }
    .chips {
      flex: 1 1 auto;
    }
    .toolbar > div {
      display: flex;
      align-items: center;
    }
    .toolbar {
      justify-content: flex-end;
      gap: 0;
      min-height: 44px;
      margin: 8px 0;
    }
    /* In line with the boxes of the cards, whose frame is a line and its padding further in. */
    .toolbar > app-row-checkbox {
      margin-left: 6px;
    }
    .toolbar > p {
      flex: 1 0 auto;
      margin: 0 8px 0 2px;
      white-space: nowrap;
      color: var(--mat-sys-on-surface-variant);
      font-size: 13px;
    }
    /* At the bottom of the screen, where a thumb reaches it and no row gives way to it. */
    :host(.narrow) app-bulk-bar {
      order: 1;
    }
    :host(.narrow) app-search-field {
      flex-basis: 100%;
      max-width: none;
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
  readonly headings = input.required<Readonly<Record<string, string>>>();
  /** Orders to choose from: a name for each `sort` parameter. */
  readonly sorts = input<Readonly<Record<string, string>>>({});
  /** Formats the number of rows, such as `12 users`. */
  readonly countOf = input.required<(total: number) => string>();
  readonly rowOf = input.required<(row: T) => RowIdentity>();
  readonly selection = input<ListSelection<T> | null>(null);
  /** Path for the export; `null` = no export. */
  readonly exportPath = input<string | null>(null);

  protected readonly t = injectTexts();
  protected readonly isNarrow = inject(ListWidth).isNarrow;
  protected readonly columns = contentChildren<ListColumn<T>>(ListColumn);
  protected readonly layout = listLayout(this.name);
  /** Columns after the first, which identifies the row. */
  protected readonly hideable = computed((): HideableColumn[] =>
    this.columns()
      .slice(1)
      .map((column) => {
        const name = column.appColumn();
        return { name, label: this.headings()[name] ?? name, isMinor: column.place() === 'none' };
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
  protected readonly hasTools = computed(() => this.searchLabel() !== null || this.filters().length > 0);

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const injector = inject(Injector);
    const document = inject(DOCUMENT);
    // When the bulk bar disappears with the focus inside, the focus returns to the row checkboxes.
    effect(() => {
      if (!this.hasSelection() && this.selection() !== null) {
        const hadFocus = host.contains(document.activeElement);
        afterNextRender(() => hadFocus && document.activeElement === document.body && focusSelection(host), {
          injector,
        });
      }
    });
  }

  protected applyFilter({ name }: ListFilter, value: string | null): void {
    this.state().filter({ [name]: value });
  }
}

function focusSelection(host: HTMLElement): void {
  host.querySelector<HTMLElement>('app-row-checkbox input')?.focus();
}
