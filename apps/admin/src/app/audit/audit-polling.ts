import { DOCUMENT, inject, type WritableSignal } from '@angular/core';
import type { AuditEventDto } from '@latchkey/auth-models';
import { catchError, EMPTY, exhaustMap, filter, interval, map, type Observable, tap } from 'rxjs';
import { AuditApi, type AuditFilters } from './audit-api';

const LOOK_MILLISECONDS = 2_000;

/** Where new entries go. */
interface NewsTarget {
  readonly rows: WritableSignal<readonly AuditEventDto[]>;
  /** Whether anybody wants to know now. */
  readonly isWanted: () => boolean;
  /** Set while the server does not answer. */
  readonly isCutOff: WritableSignal<boolean>;
  /** Told how many came. */
  readonly tell: (count: number) => void;
}

/** Looks every two seconds for entries that came after those shown, while the page is seen. */
export function auditNews({ rows, isWanted, isCutOff, tell }: NewsTarget) {
  const api = inject(AuditApi);
  const document = inject(DOCUMENT);

  const after = (asked: AuditFilters, known: AuditEventDto | undefined) =>
    known === undefined ? api.page(asked, null).pipe(map(({ items }) => items)) : api.news(asked, known.id);

  return (asked: AuditFilters): Observable<readonly AuditEventDto[]> =>
    interval(LOOK_MILLISECONDS).pipe(
      filter(() => isWanted() && document.visibilityState === 'visible'),
      exhaustMap(() =>
        after(asked, rows()[0]).pipe(
          tap(() => isCutOff.set(false)),
          catchError(() => {
            isCutOff.set(true);
            return EMPTY;
          }),
        ),
      ),
      filter((items) => items.length > 0),
      tap((items) => {
        rows.update((known) => [...items, ...known]);
        tell(items.length);
      }),
    );
}
