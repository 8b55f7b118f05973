import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  AuditAction,
  AuditEventDto,
  CreateTokenDto,
  CursorPageDto,
  PageDto,
  RotatedTokenDto,
  RotateTokenDto,
  OfferDto,
  TokenState,
  TokenUsageDto,
  UpdateTokenDto,
  UserDto,
  UserTokenDto,
  RevokeTokenQueryDto,
} from '@latchkey/auth-models';
import { PAGE_SIZE_MAX } from '@latchkey/auth-models/lists';
import { EMPTY, expand, forkJoin, map, reduce, type Observable } from 'rxjs';
import { deleteEffectively } from '../shared/effective-by';
import { listParameters, type ListQuery } from '../shared/list/list-state';
import { tokenPath } from '../shared/tokens/token';

/** Numbers of tokens that others can still create, because of earlier actions with a token. */
export interface PendingTokens {
  readonly offers: number;
}

/** Client of the token endpoints. */
@Injectable({ providedIn: 'root' })
export class TokensApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/tokens', { params: listParameters(query) });
  }

  get(id: string): Observable<UserTokenDto> {
    return this.http.get<UserTokenDto>(tokenPath(id));
  }

  usage(id: string): Observable<TokenUsageDto> {
    return this.http.get<TokenUsageDto>(`${tokenPath(id)}/usage`);
  }

  suggestOwners(q: string): Observable<PageDto<UserDto>> {
    const params = { enabled: true, size: 8, ...(q !== '' && { q }) };
    return this.http.get<PageDto<UserDto>>('/users', { params });
  }

  /** Creates a token of the signed-in user. */
  createOwn(token: CreateTokenDto): Observable<UserTokenDto> {
    return this.http.post<UserTokenDto>('/me/tokens', token);
  }

  create(user: string, token: CreateTokenDto): Observable<UserTokenDto> {
    return this.http.post<UserTokenDto>(`/users/${encodeURIComponent(user)}/tokens`, token);
  }

  /** Changes a token if it still has the given version. */
  update(id: string, change: UpdateTokenDto, version: number): Observable<UserTokenDto> {
    return this.http.patch<UserTokenDto>(tokenPath(id), change, { headers: { 'If-Match': `"${version}"` } });
  }

  /**
   * Counts the descendants of a token that the server would revoke: live ones, and expired ones, because they
   * can be renewed, but not used-up ones, which the server lists as expired.
   */
  countDescendants(id: string): Observable<number> {
    const below = (params: { state?: TokenState; page?: number; size: number }) =>
      this.http.get<PageDto<UserTokenDto>>('/tokens', { params: { descendantOf: id, ...params } });
    const expired = (page: number) => below({ state: 'expired', page, size: PAGE_SIZE_MAX });
    return forkJoin([
      below({ size: 1 }).pipe(map(({ total }) => total)),
      expired(1).pipe(
        expand(({ total }, index) => (total > (index + 1) * PAGE_SIZE_MAX ? expired(index + 2) : EMPTY)),
        reduce((count, { items }) => count + items.filter(({ usesLeft }) => usesLeft !== 0).length, 0),
      ),
    ]).pipe(map(([live, renewable]) => live + renewable));
  }

  /** Counts the open offers that the audit trail records as approved with a token. */
  countPending(id: string): Observable<PendingTokens> {
    const size = PAGE_SIZE_MAX;
    const actions = (action: AuditAction) =>
      this.http.get<CursorPageDto<AuditEventDto>>('/audit-events', {
        params: { actorToken: id, action, size },
      });
    return forkJoin({
      created: actions('offer_created'),
      approved: actions('offer_approved'),
      open: this.http.get<PageDto<OfferDto>>('/offers', { params: { state: 'offered', size } }),
    }).pipe(
      map(({ created, approved, open }) => {
        const sent = created.items.filter(({ after }) => after?.['hasLink']);
        const ids = new Set([...sent, ...approved.items].map(({ subject }) => subject.id));
        return { offers: open.items.filter(({ id }) => ids.has(id)).length };
      }),
    );
  }

  revoke(id: string, query: RevokeTokenQueryDto): Observable<string | undefined> {
    return deleteEffectively(this.http, tokenPath(id), { ...query });
  }

  /** Revokes the secret from before a rotation. */
  revokeSuperseded(id: string): Observable<string | undefined> {
    return deleteEffectively(this.http, `${tokenPath(id)}/superseded`);
  }

  rotate(id: string, dto: RotateTokenDto): Observable<RotatedTokenDto> {
    return this.http.post<RotatedTokenDto>(`${tokenPath(id)}/rotate`, dto);
  }
}
