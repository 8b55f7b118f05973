import { type Signal, computed, effect, linkedSignal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import type { PageDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { type Problem, problemOf } from '../../core/problem';
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
interface Arrival<P> {
  readonly of: ListQuery;
  readonly page: P;
}

/** Loads the page of a list whenever its state changes. */
export function pagedList<T>(
  state: ListState,
  load: (query: ListQuery) => Observable<PageDto<T>>,
): PagedList<T> {
  const resource = rxResource({ params: () => state.query(), stream: ({ params }) => load(params) });
  const shown = linkedSignal<Arrival<PageDto<T> | undefined>, Arrival<PageDto<T>> | null>({
    source: () => ({ of: state.query(), page: resource.hasValue() ? resource.value() : undefined }),
    computation: ({ of, page: arrived }, previous) =>
      arrived === undefined ? (previous?.value ?? null) : { of, page: arrived },
  });

  const page = computed(() => shown()?.page ?? null);
  const total = computed(() => page()?.total ?? 0);
  const rows = computed(() => page()?.items ?? []);
  const problem = computed(() => {
    const error = resource.error();
    return error === undefined ? null : problemOf(error);
  });

  // Rows may have been deleted since; then the last existing page is shown.
  effect(() => {
    const current = page();
    if (current !== null && current.items.length === 0 && current.total > 0 && !resource.isLoading()) {
      state.replace({ page: Math.ceil(current.total / current.size) });
    }
  });

  return {
    rows,
    total,
    isLoading: resource.isLoading,
    problem,
    status: computed(() => {
      const hasRows = rows().length > 0;
      // Rows of another query would be mistaken for those of the current one.
      if (problem() !== null && !(hasRows && shown()?.of === state.query())) {
        return 'problem';
      }
      if (hasRows) {
        return 'rows';
      }
      if (resource.isLoading() || page() === null) {
        return 'loading';
      }
      return state.isFiltered() ? 'no-match' : 'empty';
    }),
    reload: () => void resource.reload(),
  };
}
