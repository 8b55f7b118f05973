import { computed, effect, signal, type Signal, untracked } from '@angular/core';
import { listParameters, type ListState } from './list-state';
import type { PagedList } from './paged-list';

/** Target of a bulk request: rows by id, or all that match a filter. */
export type SelectionTarget = { readonly ids: string[] } | { readonly filter: BulkFilter };

/** Selected rows of a list: some on any page, or all that match. */
export class ListSelection<T> {
  private readonly chosen = signal<ReadonlySet<string>>(new Set());
  private readonly everything = signal(false);
  /** First row of a range. */
  private anchor: string | null = null;

  /** Whether all matching rows are selected, including those on other pages. */
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

  /** @param idOf returns the id of a row in bulk requests. */
  constructor(
    private readonly list: PagedList<T>,
    private readonly state: ListState,
    readonly idOf: (row: T) => string,
  ) {
    // Another search or filter matches other rows; another page or order does not.
    const matching = computed(() => JSON.stringify([state.query().q, state.query().filters]));
    effect(() => {
      matching();
      untracked(() => this.clear());
    });
  }

  isSelected(id: string): boolean {
    return this.everything() || this.chosen().has(id);
  }

  /** Toggles a row; with `isRange` all rows from the last toggled one. */
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

  /** Selects all matching rows, including those on other pages. */
  selectEverything(): void {
    this.everything.set(true);
  }

  clear(): void {
    this.everything.set(false);
    this.chosen.set(new Set());
    this.anchor = null;
  }

  target(): SelectionTarget {
    if (!this.everything()) {
      return { ids: [...this.chosen()] };
    }
    const { page: _page, size: _size, sort: _sort, ...filter } = listParameters(this.state.query());
    return { filter: bulkFilter(filter) };
  }

  private set(ids: readonly string[], isSelected: boolean): void {
    // Deselecting one of all matching rows keeps the other rows of the page.
    const selected = new Set(this.everything() ? this.pageIds() : this.chosen());
    ids.forEach((id) => (isSelected ? selected.add(id) : selected.delete(id)));
    this.everything.set(false);
    this.chosen.set(selected);
  }
}

/** Filter of a bulk request: the parameters of a list with their JSON types. */
export type BulkFilter = Readonly<Record<string, string | number | boolean>>;

/**
 * Converts the parameters of a list to the filter of a bulk request, in which numbers and booleans are not
 * strings.
 */
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
