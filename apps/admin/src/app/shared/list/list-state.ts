import { computed, inject, type Signal, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { PAGE_MAX, PAGE_SIZE_DEFAULT, parseSort, SEARCH_MAX_LENGTH } from '@latchkey/auth-models/lists';
import { BrowserStorage } from '../../core/browser-storage';

/** Page sizes to choose from. */
export const PAGE_SIZES = [10, PAGE_SIZE_DEFAULT, 50, 100] as const;

/** Key of the preferred page size in the browser's storage. */
const SIZE_KEY = 'latchkey-page-size';

export interface ListQuery {
  readonly page: number;
  readonly size: number;
  readonly sort: string;
  readonly q: string | null;
  /** Values of the filters; `null` = not set. */
  readonly filters: Readonly<Record<string, string | null>>;
}

/** Values that a list allows in its URL. */
export interface ListRules {
  readonly sortFields: readonly string[];
  readonly defaultSort: string;
  /** Allowed values of each filter, or a predicate. */
  readonly filters: Readonly<Record<string, readonly string[] | ((value: string) => boolean)>>;
  /**
   * Filter whose values are the tabs of the list, and the first of them. The value {@link ANY} in the URL
   * stands for all rows.
   */
  readonly tabs?: { readonly filter: string; readonly first: string };
}

/** Value in the URL for the tab with all rows. */
export const ANY = 'any';

/** Changed parameters; `null` resets one to its default. */
export type ListChange = Readonly<Record<string, string | number | null>>;

/** State of a list, kept in the URL. */
export interface ListState {
  readonly query: Signal<ListQuery>;
  /** Whether a search or filter is set, apart from the tab. */
  readonly isFiltered: Signal<boolean>;
  /** Navigates to another page, order or page size. */
  navigate(change: ListChange): void;
  /** Corrects the URL without adding a history entry. */
  replace(change: ListChange): void;
  /**
   * Searches or filters from the first page on. Back undoes it, except that all letters of a search are one
   * history entry.
   */
  filter(change: ListChange): void;
  /** Removes the search and all filters. The tab stays. */
  clearFilters(): void;
}

/** Creates the state of the list on the current route. Ignores values that are not allowed. */
export function listState(rules: ListRules): ListState {
  const route = inject(ActivatedRoute);
  const router = inject(Router);
  const storage = inject(BrowserStorage);
  const likedSize = signal<number>(pageSize(storage.read(SIZE_KEY)) ?? PAGE_SIZE_DEFAULT);
  const parameters = toSignal(route.queryParamMap, { initialValue: route.snapshot.queryParamMap });
  const { tabs } = rules;

  const query = computed(
    (): ListQuery => {
      const read = (name: string): string | null => parameters().get(name);
      const filters = Object.entries(rules.filters).map(([name, allowed]): [string, string | null] => {
        const value = read(name);
        const other = name === tabs?.filter && value !== ANY ? tabs.first : null;
        return [name, value !== null && isAllowed(value, allowed) ? value : other];
      });
      const page = wholeNumber(read('page'), 1, PAGE_MAX);
      return {
        page: page ?? 1,
        // With a page number in the URL the size is fixed, so that a shared link shows the same rows to
        // everyone.
        size: pageSize(read('size')) ?? (page === null ? likedSize() : PAGE_SIZE_DEFAULT),
        sort: allowedSort(read('sort'), rules) ?? rules.defaultSort,
        q: read('q')?.slice(0, SEARCH_MAX_LENGTH) || null,
        filters: Object.fromEntries(filters),
      };
    },
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );

  const go = (change: ListChange, replaceUrl: boolean): void => {
    if (typeof change['size'] === 'number') {
      storage.write(SIZE_KEY, String(change['size']));
      likedSize.set(change['size']);
    }
    const defaults: ListChange = { page: 1, size: PAGE_SIZE_DEFAULT, sort: rules.defaultSort };
    const size = typeof change['page'] === 'number' ? { size: query().size } : {};
    const queryParams = Object.fromEntries(
      Object.entries({ ...size, ...change }).map(([name, value]) => [
        name,
        value === defaults[name] ? null : value,
      ]),
    );
    void router.navigate([], { relativeTo: route, queryParams, queryParamsHandling: 'merge', replaceUrl });
  };
  const filterNames = Object.keys(rules.filters).filter((name) => name !== tabs?.filter);

  return {
    query,
    isFiltered: computed(
      () => query().q !== null || filterNames.some((name) => query().filters[name] !== null),
    ),
    navigate: (change) => go(change, false),
    replace: (change) => go(change, true),
    filter: (change) => go({ ...change, page: null }, Boolean(query().q && change['q'])),
    clearFilters: () =>
      go(Object.fromEntries(['q', 'page', ...filterNames].map((name) => [name, null])), false),
  };
}

function isAllowed(value: string, allowed: readonly string[] | ((value: string) => boolean)): boolean {
  return typeof allowed === 'function' ? allowed(value) : allowed.includes(value);
}

function pageSize(text: string | null): number | undefined {
  return PAGE_SIZES.find((size) => String(size) === text);
}

function wholeNumber(text: string | null, min: number, max: number): number | null {
  const value = text !== null && /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : null;
}

function allowedSort(text: string | null, { sortFields }: ListRules): string | null {
  return text !== null && parseSort(text, sortFields) !== null ? text : null;
}

/** Converts a query to request parameters, without empty ones. */
export function listParameters({ page, size, sort, q, filters }: ListQuery): Record<string, string | number> {
  const all = Object.entries({ page, size, sort, q, ...filters });
  return Object.fromEntries(
    all.filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== ''),
  );
}
