import { computed, effect, signal, type Signal, untracked } from '@angular/core';
import { listParameters, type ListState } from './list-state';
import type { PagedList } from './paged-list';

/** What a bulk request is about: some rows, or all that a filter means. */
export type SelectionTarget = { readonly ids: string[] } | { readonly filter: BulkFilter };

/** The rows of a list that are selected, on this page and others, or all that match. */
export class ListSelection<T> {
  private readonly chosen = signal<ReadonlySet<string>>(new Set());
  private readonly everything = signal(false);
  /** The row that a range begins at. */
  private anchor: string | null = null;

  /** Whether all that match are meant, those on other pages too. */
  readonly isEverything = this.everything.asReadonly();
  readonly ids: Signal<ReadonlySet<string>> = this.chosen.asReadonly();
  readonly count = computed(() => (this.everything() ? this.list.total() : this.chosen().size));
  readonly isPageSelected = computed(() => {
    const page = this.pageIds();
    return page.length > 0 && page.every((id) => this.isSelected(id));
  });
  readonly isPagePartlySelected = computed(
    () => !this.isPageSelected() && this.pageIds().some((id) => this.isSelected(id)),
  );
  private readonly pageIds = computed(() => this.list.rows().map((row) => this.idOf(row)));

  /** @param idOf what a bulk request calls a row by. */
  constructor(
    private readonly list: PagedList<T>,
    private readonly state: ListState,
    readonly idOf: (row: T) => string,
  ) {
    // Another search or filter means other rows; another page or order does not.
    const meant = computed(() => JSON.stringify([state.query().q, state.query().filters]));
    effect(() => {
      meant();
      untracked(() => this.clear());
    });
  }

  isSelected(id: string): boolean {
    return this.everything() || this.chosen().has(id);
  }

  /** Selects a row or takes it out; with `isRange` all from the row before up to it. */
  toggle(id: string, isRange = false): void {
    const page = this.pageIds();
    const [from, to] = [page.indexOf(this.anchor ?? id), page.indexOf(id)].sort((one, other) => one - other);
    const ids = isRange && from !== undefined && from >= 0 ? page.slice(from, (to ?? from) + 1) : [id];
    this.set(ids, !this.isSelected(id));
    this.anchor = id;
  }

  togglePage(): void {
    this.set(this.pageIds(), !this.isPageSelected());
  }

  /** Means all that match, also on other pages. */
  selectEverything(): void {
    this.everything.set(true);
  }

  clear(): void {
    this.everything.set(false);
    this.chosen.set(new Set());
    this.anchor = null;
  }

  /** What a bulk request is to be about. */
  target(): SelectionTarget {
    if (!this.everything()) {
      return { ids: [...this.chosen()] };
    }
    const { page: _page, size: _size, sort: _sort, ...filter } = listParameters(this.state.query());
    return { filter: bulkFilter(filter) };
  }

  private set(ids: readonly string[], isSelected: boolean): void {
    // Whoever takes a row out of everything goes on with the rest of the page.
    const selected = new Set(this.everything() ? this.pageIds() : this.chosen());
    ids.forEach((id) => (isSelected ? selected.add(id) : selected.delete(id)));
    this.everything.set(false);
    this.chosen.set(selected);
  }
}

/** The filter of a bulk request: a list's parameters with the types that a body has. */
export type BulkFilter = Readonly<Record<string, string | number | boolean>>;

/** A list's parameters as the filter of a bulk request, where numbers and booleans are no texts. */
export function bulkFilter(parameters: Readonly<Record<string, string | number>>): BulkFilter {
  const members = Object.entries(parameters).map(([name, value]) => [name, toMember(name, value)] as const);
  return Object.fromEntries(members);
}

function toMember(name: string, value: string | number): string | number | boolean {
  if (name.endsWith('Days')) {
    return Number(value);
  }
  return value === 'true' || value === 'false' ? value === 'true' : value;
}
