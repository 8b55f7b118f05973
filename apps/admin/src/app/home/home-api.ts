import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { BulkResultDto, PageDto, StatsDto, UpdateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { PAGE_SIZE_MAX } from '@latchkey/auth-models/lists';
import type { Observable } from 'rxjs';
import type { InboxFilter } from './inbox-groups';

/** Client of the endpoints for the home page. */
@Injectable({ providedIn: 'root' })
export class HomeApi {
  private readonly http = inject(HttpClient);

  readonly pageSizeMax = PAGE_SIZE_MAX;

  /** Returns statistics, including the sign-ins of the last 30 days. */
  stats(): Observable<StatsDto> {
    return this.http.get<StatsDto>('/stats');
  }

  /** Returns the first tokens that match a filter, with their total. */
  tokens(filter: InboxFilter, sort: string, size: number): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/tokens', { params: { ...filter, sort, size } });
  }

  /** Returns the newest tokens of the signed-in user. */
  newestOwn(): Observable<PageDto<UserTokenDto>> {
    const params = { sort: '-creationTime', size: 10 };
    return this.http.get<PageDto<UserTokenDto>>('/me/tokens', { params });
  }

  /** Runs a bulk action on tokens by their ids. */
  change(request: object): Observable<BulkResultDto> {
    return this.http.post<BulkResultDto>('/tokens/bulk', request);
  }

  /** Sets the expiry of a token if it still has the version of the given one. */
  setExpiry({ id, version }: UserTokenDto, expirationTime: string): Observable<UserTokenDto> {
    const change: UpdateTokenDto = { expirationTime, version };
    return this.http.patch<UserTokenDto>(`/tokens/${encodeURIComponent(id)}`, change);
  }
}
