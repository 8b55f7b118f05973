import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  ClaimLinkDto,
  CreateClaimLinkDto,
  CreateTokenDto,
  PageDto,
  RevokedTokensDto,
  RotatedTokenDto,
  RotateTokenDto,
  TokenUsageDto,
  UpdateTokenDto,
  UserDto,
  UserTokenDto,
  RevokeTokenQueryDto,
} from '@latchkey/auth-models';
import { TOKEN_STATES } from '@latchkey/auth-models/lists';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';
import { tokenPath } from '../shared/tokens/token';

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

  createClaimLink(user: string, token: CreateClaimLinkDto): Observable<ClaimLinkDto> {
    return this.http.post<ClaimLinkDto>(`/users/${encodeURIComponent(user)}/claim-links`, token);
  }

  /** Changes a token if it still has the given version. */
  update(id: string, change: UpdateTokenDto, version: number): Observable<UserTokenDto> {
    return this.http.patch<UserTokenDto>(tokenPath(id), change, { headers: { 'If-Match': `"${version}"` } });
  }

  /** Counts the tokens that were created with a token, directly or through others, and are not revoked. */
  countDescendants(id: string): Observable<PageDto<UserTokenDto>> {
    const state = TOKEN_STATES.filter((name) => name !== 'revoked').join(',');
    const params = { descendantOf: id, state, size: 1 };
    return this.http.get<PageDto<UserTokenDto>>('/tokens', { params });
  }

  /** Revokes a token, and waits until verifiers and replicas have acknowledged it. */
  revoke(id: string, query: RevokeTokenQueryDto): Observable<RevokedTokensDto> {
    return this.http.delete<RevokedTokensDto>(tokenPath(id), { params: { ...query } });
  }

  /** Revokes the secret from before a rotation. */
  revokeSuperseded(id: string): Observable<void> {
    return this.http.delete<void>(`${tokenPath(id)}/superseded`);
  }

  rotate(id: string, dto: RotateTokenDto): Observable<RotatedTokenDto> {
    return this.http.post<RotatedTokenDto>(`${tokenPath(id)}/rotate`, dto);
  }
}
