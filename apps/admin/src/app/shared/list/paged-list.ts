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

/** Loads the page that a list's state asks for, whenever that changes. */
export function pagedList<T>(
  state: ListState,
  load: (query: ListQuery) => Observable<PageDto<T>>,
): PagedList<T> {
  const resource = rxResource({ params: () => state.query(), stream: ({ params }) => load(params) });
  const page = linkedSignal<PageDto<T> | undefined, PageDto<T> | null>({
    source: () => (resource.hasValue() ? resource.value() : undefined),
    computation: (arrived, previous) => arrived ?? previous?.value ?? null,
  });

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
      state.correct({ page: Math.ceil(current.total / current.size) });
    }
  });

  return {
    rows,
    total,
    isLoading: resource.isLoading,
    problem,
    face: computed(() => {
      if (problem() !== null) {
        return 'problem';
      }
      if (rows().length > 0) {
        return 'rows';
      }
      if (resource.isLoading() || page() === null) {
        return 'loading';
      }
      return state.isNarrowed() ? 'no-match' : 'empty';
    }),
    reload: () => void resource.reload(),
  };
}
