import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { AuditEventDto, CursorPageDto } from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';

/** Filters of the audit trail; what is off is left out. */
export type AuditFilters = Readonly<Record<string, string>>;

/** Some entries, newest first, and where to go on. */
export interface AuditPage {
  readonly items: readonly AuditEventDto[];
  /** The cursor of the next, older page; `null` on the last one. */
  readonly next: string | null;
}

const SIZE = 50;
const NEWS_SIZE = 200;

/** The endpoint of the audit trail. */
@Injectable({ providedIn: 'root' })
export class AuditApi {
  private readonly http = inject(HttpClient);

  /** A page of entries, from the newest on or from a cursor on. */
  page(filters: AuditFilters, cursor: string | null): Observable<AuditPage> {
    const params = { ...filters, size: SIZE, ...(cursor !== null && { cursor }) };
    return this.http
      .get<CursorPageDto<AuditEventDto>>('/audit-events', { params, observe: 'response' })
      .pipe(map(({ body, headers }) => ({ items: body?.items ?? [], next: cursorOf(headers.get('Link')) })));
  }

  /** What came after an entry, newest first. */
  news(filters: AuditFilters, after: string): Observable<readonly AuditEventDto[]> {
    const params = { ...filters, after, size: NEWS_SIZE };
    return this.http
      .get<CursorPageDto<AuditEventDto>>('/audit-events', { params })
      .pipe(map(({ items }) => [...items].reverse()));
  }
}

/** The cursor in a `Link` with `rel="next"` (RFC 8288). */
function cursorOf(link: string | null): string | null {
  const address = /<([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address === undefined ? null : new URL(address, 'http://latchkey').searchParams.get('cursor');
}
