import { computed, inject, signal, type Signal } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import type { AuditEventDto } from '@latchkey/auth-models';
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  finalize,
  map,
  merge,
  type Observable,
  startWith,
  Subject,
  switchMap,
  tap,
} from 'rxjs';
import { type Problem, problemOf } from '../core/problem';
import type { ListState } from '../shared/list/list-state';
import type { ListStatus, RowList } from '../shared/list/row-list';
import { AuditApi, type AuditFilters } from './audit-api';
import { auditNews } from './audit-polling';

/** The audit trail from the newest entry on, with what comes meanwhile. */
export interface AuditFeed extends RowList<AuditEventDto> {
  readonly hasMore: Signal<boolean>;
  /** Why older entries could not be read; those above stay. */
  readonly olderProblem: Signal<Problem | null>;
  /** How many entries came since the page was opened. */
  readonly news: Signal<number>;
  /** Whether new entries are to be shown as they come. */
  readonly isLive: ReturnType<typeof signal<boolean>>;
  /** Whether new entries can come at all: what has an end gets none. */
  readonly isOpenEnded: Signal<boolean>;
  /** Whether the server did not answer when it was last asked for new entries. */
  readonly isCutOff: Signal<boolean>;
  /** Reads on towards older entries. */
  readMore(): void;
}

/** Reads the audit trail as the state of its list asks for it, page after page. */
export function auditFeed(state: ListState): AuditFeed {
  const api = inject(AuditApi);
  const rows = signal<readonly AuditEventDto[]>([]);
  const next = signal<string | null>(null);
  const isLoading = signal(false);
  const problem = signal<Problem | null>(null);
  const olderProblem = signal<Problem | null>(null);
  const hasArrived = signal(false);
  const isLive = signal(true);
  const isCutOff = signal(false);
  const news = signal(0);
  const reloads = new Subject<void>();
  const wishesForOlder = new Subject<void>();

  const filters = computed(
    (): AuditFilters =>
      Object.fromEntries(
        Object.entries(state.query().filters).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  const isOpenEnded = computed(() => filters()['to'] === undefined);

  /** Asks for a page, and tells why there is none. */
  const read = (cursor: string | null, asked: AuditFilters, failed: typeof problem) =>
    defer(() => {
      isLoading.set(true);
      return api.page(asked, cursor);
    }).pipe(
      tap(() => failed.set(null)),
      catchError((error: unknown) => {
        failed.set(problemOf(error));
        return EMPTY;
      }),
      finalize(() => isLoading.set(false)),
    );
  const newest = (asked: AuditFilters) =>
    read(null, asked, problem).pipe(
      tap((page) => {
        hasArrived.set(true);
        rows.set(page.items);
        next.set(page.next);
        news.set(0);
        olderProblem.set(null);
      }),
    );
  const older = (asked: AuditFilters) =>
    wishesForOlder.pipe(
      exhaustMap(() => read(next(), asked, olderProblem)),
      tap((page) => {
        rows.update((known) => [...known, ...page.items]);
        next.set(page.next);
      }),
    );
  const latest = auditNews({
    rows,
    isWanted: () => isLive() && isOpenEnded() && !isLoading() && hasArrived() && problem() === null,
    isCutOff,
    tell: (count) => news.update((total) => total + count),
  });

  // All that is asked for belongs to one choice of filters, and ends with it.
  toObservable(filters)
    .pipe(
      switchMap((asked) =>
        reloads.pipe(
          startWith(undefined),
          map(() => asked),
        ),
      ),
      switchMap((asked): Observable<unknown> => merge(newest(asked), older(asked), latest(asked))),
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
    news,
    isLive,
    isOpenEnded,
    isCutOff,
    status: computed((): ListStatus => {
      if (problem() !== null) {
        return 'problem';
      }
      if (rows().length > 0) {
        return 'rows';
      }
      if (isLoading() || !hasArrived()) {
        return 'loading';
      }
      return state.isFiltered() ? 'no-match' : 'empty';
    }),
    reload: () => reloads.next(),
    readMore: () => wishesForOlder.next(),
  };
}
