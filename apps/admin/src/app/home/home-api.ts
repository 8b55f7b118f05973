import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import {
  PAGE_SIZE_MAX,
  type PageDto,
  type StatsDto,
  type UpdateTokenDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import type { InboxFilter } from './inbox-groups';

/** The endpoints behind the home page. */
@Injectable({ providedIn: 'root' })
export class HomeApi {
  private readonly http = inject(HttpClient);

  /** So many tokens can be asked for at once. */
  readonly sizeMax = PAGE_SIZE_MAX;

  /** The figures, and the log-ins of 30 days. */
  stats(): Observable<StatsDto> {
    return this.http.get<StatsDto>('/stats');
  }

  /** The first tokens of a group of the inbox, and how many there are. */
  tokens(filter: InboxFilter, sort: string, size: number): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/tokens', { params: { ...filter, sort, size } });
  }

  /** The person's own newest tokens. */
  newestOwn(): Observable<PageDto<UserTokenDto>> {
    const params = { sort: '-creationTime', size: 10 };
    return this.http.get<PageDto<UserTokenDto>>('/me/tokens', { params });
  }

  /** Gives the version of a token that was seen another end. */
  setEnd({ id, version }: UserTokenDto, expirationTime: string): Observable<UserTokenDto> {
    const change: UpdateTokenDto = { expirationTime, version };
    return this.http.patch<UserTokenDto>(`/tokens/${encodeURIComponent(id)}`, change);
  }
}
