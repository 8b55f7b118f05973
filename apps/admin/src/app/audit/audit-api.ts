import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { AuditEventDto, CursorPageDto } from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';

export type AuditFilters = Readonly<Record<string, string>>;

/** A page of entries, newest first. */
export interface AuditPage {
  readonly items: readonly AuditEventDto[];
  /** Cursor of the next, older page; `null` on the last one. */
  readonly next: string | null;
}

const PAGE_SIZE = 50;
const NEW_ENTRIES_SIZE = 200;

@Injectable({ providedIn: 'root' })
export class AuditApi {
  private readonly http = inject(HttpClient);

  /** Returns a page of entries, from the newest or from a cursor. */
  page(filters: AuditFilters, cursor: string | null): Observable<AuditPage> {
    const params = { ...filters, size: PAGE_SIZE, ...(cursor !== null && { cursor }) };
    return this.http
      .get<CursorPageDto<AuditEventDto>>('/audit-events', { params, observe: 'response' })
      .pipe(map(({ body, headers }) => ({ items: body?.items ?? [], next: cursorOf(headers.get('Link')) })));
  }

  /** Returns the entries after a given one, newest first. */
  newerThan(filters: AuditFilters, after: string): Observable<readonly AuditEventDto[]> {
    const params = { ...filters, after, size: NEW_ENTRIES_SIZE };
    return this.http
      .get<CursorPageDto<AuditEventDto>>('/audit-events', { params })
      .pipe(map(({ items }) => [...items].reverse()));
  }
}

/** Returns the cursor in a `Link` with `rel="next"` (RFC 8288). */
function cursorOf(link: string | null): string | null {
  const address = /<([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address === undefined ? null : new URL(address, 'http://latchkey').searchParams.get('cursor');
}
