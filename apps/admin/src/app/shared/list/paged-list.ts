import { computed, effect, linkedSignal, type Signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import type { PageDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { problemOf } from '../../core/problem';
import type { ListQuery, ListState } from './list-state';
import type { RowList } from './row-list';

/** A page of rows, and how many there are on all pages. */
export interface PagedList<T> extends RowList<T> {
  readonly total: Signal<number>;
}

/** A page, and what it is the answer to. */
interface Arrival<P> {
  readonly of: ListQuery;
  readonly page: P;
}

/** Loads the page that a list's state asks for, whenever that changes. */
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

  // Rows may have gone since the page was chosen: then the last page there is takes its place.
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
      // Rows that were asked for otherwise would be taken for those that are asked for now.
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
