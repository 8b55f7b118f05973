import { computed, DOCUMENT, inject, signal, type Signal } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import type { AuditEventDto } from '@latchkey/auth-models';
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  filter,
  finalize,
  interval,
  map,
  merge,
  type Observable,
  startWith,
  Subject,
  switchMap,
  tap,
  timeout,
} from 'rxjs';
import { type Problem, problemOf } from '../core/problem';
import type { ListState } from '../shared/list/list-state';
import type { ListStatus, RowList } from '../shared/list/paged-list';
import { AuditApi, type AuditFilters } from './audit-api';

const POLL_MILLISECONDS = 2_000;
/** Time after which a poll without a response counts as failed and the next one starts. */
const POLL_TIMEOUT_MILLISECONDS = 10_000;

/** The audit trail from the newest entry on, updated with new entries. */
export interface AuditFeed extends RowList<AuditEventDto> {
  readonly hasMore: Signal<boolean>;
  /** Problem of loading older entries; the loaded ones stay. */
  readonly olderProblem: Signal<Problem | null>;
  /** Number of entries that arrived since the page was opened. */
  readonly newEntries: Signal<number>;
  /** Whether new entries are shown as they arrive. */
  readonly isLive: ReturnType<typeof signal<boolean>>;
  /** Whether new entries are possible, because the selected period has no end. */
  readonly isOpenEnded: Signal<boolean>;
  /** Whether the last request for new entries got no response. */
  readonly isDisconnected: Signal<boolean>;
  loadMore(): void;
}

/**
 * Loads the audit trail page by page for the state of its list, and polls for new entries while the page is
 * visible.
 */
export function auditFeed(state: ListState): AuditFeed {
  const api = inject(AuditApi);
  const document = inject(DOCUMENT);
  const rows = signal<readonly AuditEventDto[]>([]);
  const next = signal<string | null>(null);
  const isLoading = signal(false);
  const problem = signal<Problem | null>(null);
  const olderProblem = signal<Problem | null>(null);
  const hasLoaded = signal(false);
  const isLive = signal(true);
  const isDisconnected = signal(false);
  const newEntries = signal(0);
  const reloads = new Subject<void>();
  const olderRequests = new Subject<void>();

  const filters = computed(
    (): AuditFilters =>
      Object.fromEntries(
        Object.entries(state.query().filters).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  const isOpenEnded = computed(() => filters()['to'] === undefined);

  const load = (cursor: string | null, current: AuditFilters, failed: typeof problem) =>
    defer(() => {
      isLoading.set(true);
      return api.page(current, cursor);
    }).pipe(
      tap(() => failed.set(null)),
      catchError((error: unknown) => {
        failed.set(problemOf(error));
        return EMPTY;
      }),
      finalize(() => isLoading.set(false)),
    );
  const newest = (current: AuditFilters) =>
    load(null, current, problem).pipe(
      tap((page) => {
        hasLoaded.set(true);
        rows.set(page.items);
        next.set(page.next);
        newEntries.set(0);
        olderProblem.set(null);
      }),
    );
  const older = (current: AuditFilters) =>
    olderRequests.pipe(
      exhaustMap(() => load(next(), current, olderProblem)),
      tap((page) => {
        rows.update((known) => [...known, ...page.items]);
        next.set(page.next);
      }),
    );
  const canPoll = (): boolean =>
    isLive() && isOpenEnded() && !isLoading() && hasLoaded() && problem() === null;
  const poll = (current: AuditFilters) =>
    defer(() => {
      const [latest] = rows();
      return latest === undefined
        ? api.page(current, null).pipe(map(({ items }) => items))
        : api.newerThan(current, latest.id);
    }).pipe(
      timeout(POLL_TIMEOUT_MILLISECONDS),
      tap(() => isDisconnected.set(false)),
      catchError(() => {
        isDisconnected.set(true);
        return EMPTY;
      }),
    );
  const polled = (current: AuditFilters) =>
    interval(POLL_MILLISECONDS).pipe(
      filter(() => canPoll() && document.visibilityState === 'visible'),
      exhaustMap(() => poll(current)),
      filter((items) => items.length > 0),
      tap((items) => {
        rows.update((known) => [...items, ...known]);
        newEntries.update((total) => total + items.length);
      }),
    );

  // All requests belong to one selection of filters and are cancelled when it changes.
  toObservable(filters)
    .pipe(
      switchMap((current) =>
        reloads.pipe(
          startWith(undefined),
          map(() => current),
        ),
      ),
      switchMap((current): Observable<unknown> => merge(newest(current), older(current), polled(current))),
      takeUntilDestroyed(),
    )
    .subscribe();

  return {
    rows,
    total: signal(null),
    isLoading,
    problem,
    hasMore: computed(() => next() !== null),
    olderProblem,
    newEntries,
    isLive,
    isOpenEnded,
    isDisconnected,
    status: computed((): ListStatus => {
      if (problem() !== null) {
        return 'problem';
      }
      if (rows().length > 0) {
        return 'rows';
      }
      if (isLoading() || !hasLoaded()) {
        return 'loading';
      }
      return state.isFiltered() ? 'no-match' : 'empty';
    }),
    reload: () => reloads.next(),
    loadMore: () => olderRequests.next(),
  };
}
