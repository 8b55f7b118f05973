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
import type { RowList } from './row-list';
import type { SortChoice } from './sort-menu';

/**
 * Any list of the console: searched, filtered, sorted and turned page by page at the server, with its state in the URL.
 * Inside it stand its columns, `listActions` for selected rows, and `listEmpty` for when there are none.
 */
@Component({
  selector: 'app-list',
  imports: [BulkBar, ExportMenu, FilterChip, ListCards, ListFrame, ListToolbar, ListTable, SearchField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list.html',
  styleUrl: './list.scss',
})
export class List<T> {
  readonly list = input.required<RowList<T>>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();
  /** What the search looks in; `null` = there is no search. */
  readonly searchLabel = input<string | null>(null);
  readonly filters = input<readonly ListFilter[]>([]);
  readonly sortChoices = input<readonly SortChoice[]>([]);
  /** So many rows in words, such as `12 users`. */
  readonly countOf = input.required<(total: number) => string>();
  /** What tells a row apart, and a word or two that people know it by. */
  readonly idOf = input.required<(row: T) => string>();
  readonly nameOf = input.required<(row: T) => string>();
  /** Where a row leads, as the router's commands; `null` if nowhere. */
  readonly linkOf = input<((row: T) => readonly string[] | null) | null>(null);
  readonly selection = input<ListSelection<T> | null>(null);
  /** The address that whole lists are exported from; `null` = there is no export. */
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
    // With the bar of actions goes whatever had the focus in it: it returns to where rows are selected.
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
