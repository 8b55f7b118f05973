import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { AuditEventDto, CursorPageDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';

/** Which part somebody had in what the audit trail records. */
export const ACTIVITY_SIDES = ['actor', 'subject'] as const;

/** One of {@link ACTIVITY_SIDES}. */
export type ActivitySide = (typeof ACTIVITY_SIDES)[number];

/** Entries that are shown at a glance. */
const SIZE = 25;

/** The audit trail of one user. */
@Injectable({ providedIn: 'root' })
export class ActivityApi {
  private readonly http = inject(HttpClient);

  /** The latest that somebody did, or that was done to them, by their id. */
  latest(side: ActivitySide, id: string): Observable<CursorPageDto<AuditEventDto>> {
    return this.http.get<CursorPageDto<AuditEventDto>>('/audit-events', {
      params: { [side]: id, size: SIZE },
    });
  }
}
