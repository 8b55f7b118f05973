import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  BulkDryRunResultDto,
  CreateUserDto,
  ImportResultDto,
  PageDto,
  CreateSetUpLinkDto,
  SetUpLinkDto,
  UpdateUserDto,
  UserDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';
import { deleteEffectively, effectiveBy } from '../shared/effective-by';

/** Client of the `/users` endpoints. */
@Injectable({ providedIn: 'root' })
export class UsersApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Observable<PageDto<UserDto>> {
    return this.http.get<PageDto<UserDto>>('/users', { params: listParameters(query) });
  }

  /** Returns a user by name, in any spelling. */
  get(name: string): Observable<UserDto> {
    return this.http.get<UserDto>(userPath(name));
  }

  create(user: CreateUserDto): Observable<UserDto> {
    return this.http.post<UserDto>('/users', user);
  }

  /** Imports users: all of them, or none. With `dryRun`, it only checks them. */
  import(users: readonly object[], dryRun: boolean): Observable<ImportResultDto> {
    return this.http.post<ImportResultDto>('/users/import', { users, dryRun });
  }

  /** Changes a user if it still has the given version. */
  update(name: string, change: UpdateUserDto, version: number): Observable<UserDto> {
    return this.http.patch<UserDto>(userPath(name), change, { headers: { 'If-Match': `"${version}"` } });
  }

  /** Returns the effect of deleting a user, without deleting. */
  deletionDryRun(name: string): Observable<BulkDryRunResultDto<UserDto>> {
    const dryRun = { action: 'delete', ids: [name], dryRun: true };
    return this.http.post<BulkDryRunResultDto<UserDto>>('/users/bulk', dryRun);
  }

  /**
   * Deletes a user with their tokens, and unless `keepDescendants` those of other users that were created
   * with them.
   */
  delete(name: string, keepDescendants: boolean): Observable<string | undefined> {
    return deleteEffectively(this.http, userPath(name), keepDescendants ? { keepDescendants } : {});
  }

  /** Sets the password of a user, which revokes all their tokens. */
  setPassword(name: string, password: string): Observable<string | undefined> {
    const options = { observe: 'response' } as const;
    return this.http.put(`${userPath(name)}/password`, { password }, options).pipe(effectiveBy);
  }

  /** Creates a set-up link for a user, which replaces older ones. */
  createSetUpLink(name: string, dto?: CreateSetUpLinkDto): Observable<SetUpLinkDto> {
    return this.http.post<SetUpLinkDto>(`${userPath(name)}/set-up-link`, dto ?? null);
  }

  liftThrottle(name: string): Observable<void> {
    return this.http.delete<void>(`${userPath(name)}/throttle`);
  }

  tokens(name: string, query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>(tokensPath(name), { params: listParameters(query) });
  }

  revokeTokens(name: string): Observable<string | undefined> {
    return deleteEffectively(this.http, tokensPath(name));
  }
}

/** Returns the path of a user in the API. */
export function userPath(name: string): string {
  return `/users/${encodeURIComponent(name)}`;
}

/** Returns the path of a user's tokens in the API. */
export function tokensPath(name: string): string {
  return `${userPath(name)}/tokens`;
}
