import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  ApiDto,
  CreateEventTargetDto,
  CursorPageDto,
  DeliveryState,
  EventDeliveryDto,
  EventTargetDto,
  PageDto,
  RedeliverDto,
  RedeliveredDto,
  UpdateEventTargetDto,
  UserDto,
} from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../../shared/list/list-state';

/** Page of deliveries, newest first. */
export interface DeliveryPage {
  readonly items: readonly EventDeliveryDto[];
  /** Cursor of the next, older page; `null` on the last one. */
  readonly next: string | null;
}

const DELIVERIES = 25;

/** Suggestions below a field. */
const SUGGESTIONS = 6;

/** Client of the endpoints for event targets. */
@Injectable({ providedIn: 'root' })
export class EventsApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Observable<PageDto<EventTargetDto>> {
    return this.http.get<PageDto<EventTargetDto>>('/event-targets', { params: listParameters(query) });
  }

  /** Returns the first targets by name. */
  first(size: number): Observable<PageDto<EventTargetDto>> {
    return this.http.get<PageDto<EventTargetDto>>('/event-targets', { params: { size } });
  }

  get(name: string): Observable<EventTargetDto> {
    return this.http.get<EventTargetDto>(pathOf(name));
  }

  create(dto: CreateEventTargetDto): Observable<EventTargetDto> {
    return this.http.post<EventTargetDto>('/event-targets', dto);
  }

  /** Updates a target if it still has the given version. */
  update(name: string, change: UpdateEventTargetDto, version: number): Observable<EventTargetDto> {
    return this.http.patch<EventTargetDto>(pathOf(name), change, { headers: ifMatch(version) });
  }

  delete({ name, version }: EventTargetDto): Observable<void> {
    return this.http.delete<void>(pathOf(name), { headers: ifMatch(version) });
  }

  rotate({ name, version }: EventTargetDto): Observable<EventTargetDto> {
    return this.http.post<EventTargetDto>(`${pathOf(name)}/rotate`, null, { headers: ifMatch(version) });
  }

  /** Sends a test event and returns the result. */
  test(name: string): Observable<EventDeliveryDto> {
    return this.http.post<EventDeliveryDto>(`${pathOf(name)}/test`, null);
  }

  redeliver(name: string, dto: RedeliverDto): Observable<RedeliveredDto> {
    return this.http.post<RedeliveredDto>(`${pathOf(name)}/redeliver`, dto);
  }

  /** Returns a page of deliveries, from the newest or from a cursor. */
  deliveries(name: string, state: DeliveryState | null, cursor: string | null): Observable<DeliveryPage> {
    const params = {
      size: DELIVERIES,
      ...(state !== null && { state }),
      ...(cursor !== null && { cursor }),
    };
    return this.http
      .get<CursorPageDto<EventDeliveryDto>>(`${pathOf(name)}/deliveries`, { params, observe: 'response' })
      .pipe(map(({ body, headers }) => ({ items: body?.items ?? [], next: cursorOf(headers.get('Link')) })));
  }

  /** Returns the first users or APIs that match a text. */
  suggest(path: '/users' | '/apis', q: string): Observable<PageDto<UserDto | ApiDto>> {
    const params = { size: SUGGESTIONS, ...(q && { q }) };
    return this.http.get<PageDto<UserDto | ApiDto>>(path, { params });
  }
}

/** Returns the path of a target in the API. */
export const pathOf = (name: string): string => `/event-targets/${encodeURIComponent(name)}`;

const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });

/** Returns the cursor in a `Link` with `rel="next"` (RFC 8288). */
function cursorOf(link: string | null): string | null {
  const address = /<([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address === undefined ? null : new URL(address, 'http://latchkey').searchParams.get('cursor');
}
