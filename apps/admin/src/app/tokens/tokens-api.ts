import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  CreateTokenDto,
  PageDto,
  PermissionListDto,
  RotateTokenDto,
  SettingListDto,
  TokenUsageDto,
  UpdateTokenDto,
  UserDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';
import { tokenPath } from '../shared/tokens/token';

/** The endpoints of tokens. */
@Injectable({ providedIn: 'root' })
export class TokensApi {
  private readonly http = inject(HttpClient);

  /** A page of the tokens that the person may see. */
  list(query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/tokens', { params: listParameters(query) });
  }

  /** One token. */
  get(id: string): Observable<UserTokenDto> {
    return this.http.get<UserTokenDto>(tokenPath(id));
  }

  /** How often a token was used, day by day. */
  usage(id: string): Observable<TokenUsageDto> {
    return this.http.get<TokenUsageDto>(`${tokenPath(id)}/usage`);
  }

  /** A few users whose names contain what was typed so far. */
  suggestOwners(q: string): Observable<PageDto<UserDto>> {
    const params = { enabled: true, size: 8, ...(q !== '' && { q }) };
    return this.http.get<PageDto<UserDto>>('/users', { params });
  }

  /** The permissions that there are, each with a sentence. */
  permissions(): Observable<PermissionListDto> {
    return this.http.get<PermissionListDto>('/permissions');
  }

  /** What the server runs with, which bounds how long a token may live. */
  settings(): Observable<SettingListDto> {
    return this.http.get<SettingListDto>('/settings');
  }

  /** Makes a token of one's own. */
  createOwn(token: CreateTokenDto): Observable<UserTokenDto> {
    return this.http.post<UserTokenDto>('/me/tokens', token);
  }

  /** Makes a token of a user. */
  create(user: string, token: CreateTokenDto): Observable<UserTokenDto> {
    return this.http.post<UserTokenDto>(`/users/${encodeURIComponent(user)}/tokens`, token);
  }

  /** Changes a version of a token. */
  update(id: string, change: UpdateTokenDto, version: number): Observable<UserTokenDto> {
    return this.http.patch<UserTokenDto>(tokenPath(id), change, { headers: { 'If-Match': `"${version}"` } });
  }

  /** Gives a token a new secret. */
  rotate(id: string, wish: RotateTokenDto): Observable<UserTokenDto> {
    return this.http.post<UserTokenDto>(`${tokenPath(id)}/rotate`, wish);
  }
}
