import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  BulkDryRunResultDto,
  BulkResultDto,
  CreateUserDto,
  PageDto,
  SetUpLinkDto,
  UpdateUserDto,
  UserDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';

/** The endpoints under `/users`, and what others know about a user. */
@Injectable({ providedIn: 'root' })
export class UsersApi {
  private readonly http = inject(HttpClient);

  /** A page of users. */
  list(query: ListQuery): Observable<PageDto<UserDto>> {
    return this.http.get<PageDto<UserDto>>('/users', { params: listParameters(query) });
  }

  /** One user, by the name in any spelling. */
  get(name: string): Observable<UserDto> {
    return this.http.get<UserDto>(userPath(name));
  }

  /** Makes a user. */
  create(user: CreateUserDto): Observable<UserDto> {
    return this.http.post<UserDto>('/users', user);
  }

  /** Changes the given version of a user. */
  update(name: string, change: UpdateUserDto, version: number): Observable<UserDto> {
    return this.http.patch<UserDto>(userPath(name), change, { headers: { 'If-Match': `"${version}"` } });
  }

  /** Returns the effect of deleting a user, without deleting. */
  tryDeletion(name: string): Observable<BulkDryRunResultDto<UserDto>> {
    const dryRun = { action: 'delete', ids: [name], dryRun: true };
    return this.http.post<BulkDryRunResultDto<UserDto>>('/users/bulk', dryRun);
  }

  /** Deletes a user with their tokens, and with those of others that were created with them unless they are kept. */
  delete(name: string, keepDescendants: boolean): Observable<void> {
    return this.http.delete<void>(userPath(name), { params: keepDescendants ? { keepDescendants } : {} });
  }

  /** Changes many users by their names, without a question. */
  changeAll(change: { action: string; role?: string }, names: readonly string[]): Observable<BulkResultDto> {
    return this.http.post<BulkResultDto>('/users/bulk', { ...change, ids: names });
  }

  /** Gives somebody another password; all their tokens end. */
  setPassword(name: string, password: string): Observable<void> {
    return this.http.put<void>(`${userPath(name)}/password`, { password });
  }

  /** Makes a link with which somebody chooses their password; older ones stop working. */
  makeSetUpLink(name: string): Observable<SetUpLinkDto> {
    return this.http.post<SetUpLinkDto>(`${userPath(name)}/set-up-link`, null);
  }

  /** Lets somebody try again who failed too often. */
  liftThrottle(name: string): Observable<void> {
    return this.http.delete<void>(`${userPath(name)}/throttle`);
  }

  /** A page of somebody's tokens. */
  tokens(name: string, query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>(tokensPath(name), { params: listParameters(query) });
  }

  /** Ends all tokens of somebody. */
  endTokens(name: string): Observable<void> {
    return this.http.delete<void>(tokensPath(name));
  }
}

/** The address of a user in the API. */
export function userPath(name: string): string {
  return `/users/${encodeURIComponent(name)}`;
}

/** The address of a user's tokens in the API. */
export function tokensPath(name: string): string {
  return `${userPath(name)}/tokens`;
}
