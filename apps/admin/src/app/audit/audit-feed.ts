import { computed, DestroyRef, DOCUMENT, effect, inject, signal, type Signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { AuditEventDto } from '@latchkey/auth-models';
import { catchError, EMPTY, exhaustMap, filter, interval, type Subscription } from 'rxjs';
import { type Problem, problemOf } from '../core/problem';
import type { ListState } from '../shared/list/list-state';
import type { ListFace, RowList } from '../shared/list/row-list';
import { AuditApi, type AuditFilters, type AuditPage } from './audit-api';

const LOOK_MILLISECONDS = 2_000;

/** The audit trail from the newest entry on, with what comes meanwhile. */
export interface AuditFeed extends RowList<AuditEventDto> {
  readonly hasMore: Signal<boolean>;
  /** How many entries came since the page was opened. */
  readonly news: Signal<number>;
  /** Whether new entries are shown as they come. */
  readonly isLive: ReturnType<typeof signal<boolean>>;
  /** Reads on towards older entries. */
  readMore(): void;
}

/** Reads the audit trail as the state of its list asks for it, page after page. */
export function auditFeed(state: ListState): AuditFeed {
  const api = inject(AuditApi);
  const document = inject(DOCUMENT);
  const rows = signal<readonly AuditEventDto[]>([]);
  const next = signal<string | null>(null);
  const isLoading = signal(false);
  const problem = signal<Problem | null>(null);
  const hasArrived = signal(false);
  const isLive = signal(true);
  const news = signal(0);
  let loading: Subscription | undefined;

  const filters = computed(
    (): AuditFilters =>
      Object.fromEntries(
        Object.entries(state.query().filters).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );

  const load = (cursor: string | null, take: (page: AuditPage) => void): void => {
    loading?.unsubscribe();
    isLoading.set(true);
    loading = api.page(filters(), cursor).subscribe({
      next: (page) => {
        problem.set(null);
        isLoading.set(false);
        hasArrived.set(true);
        next.set(page.next);
        take(page);
      },
      error: (error: unknown) => {
        isLoading.set(false);
        problem.set(problemOf(error));
      },
    });
  };
  const reload = (): void =>
    load(null, ({ items }) => {
      rows.set(items);
      news.set(0);
    });

  effect(() => {
    filters();
    reload();
  });
  inject(DestroyRef).onDestroy(() => loading?.unsubscribe());

  interval(LOOK_MILLISECONDS)
    .pipe(
      // What has an end gets nothing new, and nobody looks at a hidden page.
      filter(() => isLive() && filters()['to'] === undefined && document.visibilityState === 'visible'),
      filter(() => rows().length > 0 && !isLoading()),
      // One try that fails is no news: the next one tells.
      exhaustMap(() => api.news(filters(), rows()[0]?.id ?? '').pipe(catchError(() => EMPTY))),
      takeUntilDestroyed(),
    )
    .subscribe((items) => {
      if (items.length > 0) {
        rows.update((known) => [...items.filter(({ id }) => known[0]?.id !== id), ...known]);
        news.update((total) => total + items.length);
      }
    });

  return {
    rows,
    total: signal(null),
    isLoading,
    problem,
    hasMore: computed(() => next() !== null),
    news,
    isLive,
    face: computed((): ListFace => {
      if (problem() !== null) {
        return 'problem';
      }
      if (rows().length > 0) {
        return 'rows';
      }
      if (isLoading() || !hasArrived()) {
        return 'loading';
      }
      return state.isNarrowed() ? 'no-match' : 'empty';
    }),
    reload,
    readMore: () => load(next(), ({ items }) => rows.update((known) => [...known, ...items])),
  };
}
