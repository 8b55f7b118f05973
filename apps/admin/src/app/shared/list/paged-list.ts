import { type Signal, computed, effect, linkedSignal } from '@angular/core';
import type { PageDto } from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';
import type { Problem } from '../../core/problem';
import { loaded } from '../loaded';
import type { ListQuery, ListState } from './list-state';

export type ListStatus = 'loading' | 'rows' | 'empty' | 'no-match' | 'problem';

/** Rows of a list and their loading state. */
export interface RowList<T> {
  /** The latest rows, also while others are being loaded. */
  readonly rows: Signal<readonly T[]>;
  /** Number of rows on all pages; `null` if unknown. */
  readonly total: Signal<number | null>;
  readonly isLoading: Signal<boolean>;
  /** Problem of the last request; rows that are already there may be stale. */
  readonly problem: Signal<Problem | null>;
  readonly status: Signal<ListStatus>;
  reload(): void;
}

/** A list with numbered pages. */
export interface PagedList<T> extends RowList<T> {
  readonly total: Signal<number>;
}

/** A page with the query that it belongs to. */
type Arrival<T> = (PageDto<T> & { readonly of: ListQuery }) | undefined;

/** Loads the page of a list whenever its state changes. */
export function pagedList<T>(
  state: ListState,
  load: (query: ListQuery) => Observable<PageDto<T>>,
): PagedList<T> {
  const resource = loaded(state.query, (query) =>
    load(query).pipe(map((arrived) => ({ ...arrived, of: query }))),
  );
  const page = linkedSignal<Arrival<T>, Arrival<T>>({
    source: resource.value,
    computation: (arrived, previous) => arrived ?? previous?.value,
  });
  const total = computed(() => page()?.total ?? 0);
  const rows = computed(() => page()?.items ?? []);

  // Rows may have been deleted since; then the last existing page is shown.
  effect(() => {
    const current = page();
    if (current?.items.length === 0 && current.total > 0 && !resource.isLoading()) {
      state.replace({ page: Math.ceil(current.total / current.size) });
    }
  });

  return {
    rows,
    total,
    isLoading: resource.isLoading,
    problem: resource.problem,
    status: computed(() => {
      const hasRows = rows().length > 0;
      // Rows of another query would be mistaken for those of the current one.
      if (resource.problem() !== null && !(hasRows && page()?.of === state.query())) {
        return 'problem';
      }
      if (hasRows) {
        return 'rows';
      }
      if (resource.isLoading() || page() === undefined) {
        return 'loading';
      }
      return state.isFiltered() ? 'no-match' : 'empty';
    }),
    reload: () => resource.reload(),
  };
}
