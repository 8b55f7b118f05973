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
import { BulkBar } from '../bulk/bulk-bar';
import { FilterChip, type ListFilter } from '../filters/filter-chip';
import { SearchField } from '../filters/search-field';
import { narrowScreen } from '../ui/narrow-screen';
import { ExportMenu } from './export-menu';
import { ListCards } from './list-cards';
import { ListColumn } from './list-column';
import { ListFrame } from './list-frame';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { ListTable } from './list-table';
import { ListToolbar } from './list-toolbar';
import type { RowList } from './paged-list';
import type { SortChoice } from './sort-menu';

/**
 * List with search, filters, sorting and pagination by the server, and its state in the URL. Content: the columns,
 * `listActions` for selected rows and `listEmpty` for the empty state.
 */
@Component({
  selector: 'app-list',
  imports: [BulkBar, ExportMenu, FilterChip, ListCards, ListFrame, ListToolbar, ListTable, SearchField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 10px;
    }
    app-search-field {
      flex: 1 1 320px;
      max-width: 440px;
    }
    .chips {
      display: flex;
      flex: 1 1 auto;
      flex-wrap: wrap;
      gap: 8px;
    }
    @media (max-width: 1099px) {
      /* At the bottom of the screen, where a thumb reaches it and no row gives way to it. */
      app-bulk-bar {
        order: 1;
      }

      app-search-field {
        flex-basis: 100%;
        max-width: none;
      }
    }
  `,
})
export class List<T> {
  readonly list = input.required<RowList<T>>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();
  /** Label of the search; `null` = no search. */
  readonly searchLabel = input<string | null>(null);
  readonly filters = input<readonly ListFilter[]>([]);
  readonly sortChoices = input<readonly SortChoice[]>([]);
  /** Formats the number of rows, such as `12 users`. */
  readonly countOf = input.required<(total: number) => string>();
  /** Return the id and the name of a row. */
  readonly idOf = input.required<(row: T) => string>();
  readonly nameOf = input.required<(row: T) => string>();
  /** Returns the router commands of a row's page; `null` if it has none. */
  readonly linkOf = input<((row: T) => readonly string[] | null) | null>(null);
  readonly selection = input<ListSelection<T> | null>(null);
  /** Path for the export; `null` = no export. */
  readonly exportPath = input<string | null>(null);

  protected readonly columns = contentChildren<ListColumn<T>>(ListColumn);
  protected readonly headers = computed(() =>
    this.columns()
      .filter((column) => column.sortable())
      .map((column) => column.appColumn()),
  );
  protected readonly isNarrow = narrowScreen();
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
