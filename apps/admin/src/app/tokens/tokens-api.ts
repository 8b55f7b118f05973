import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  CreateTokenDto,
  PageDto,
  TokenUsageDto,
  UpdateTokenDto,
  UserDto,
  UserTokenDto,
} from '@latchkey/auth-models';
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

  /** Changes a token if it still has the given version. */
  update(id: string, change: UpdateTokenDto, version: number): Observable<UserTokenDto> {
    return this.http.patch<UserTokenDto>(tokenPath(id), change, { headers: { 'If-Match': `"${version}"` } });
  }
}
