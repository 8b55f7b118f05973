import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { ChangePasswordDto, MeDto, PageDto, UpdateMeDto, UserTokenDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';
import { deleteEffectively } from '../shared/effective-by';

/** Client of the endpoints under `/me`. */
@Injectable({ providedIn: 'root' })
export class AccountApi {
  private readonly http = inject(HttpClient);

  get(): Observable<MeDto> {
    return this.http.get<MeDto>('/me');
  }

  /** Updates the profile if it still has the given version. */
  update(change: UpdateMeDto, version: number): Observable<MeDto> {
    return this.http.patch<MeDto>('/me', { ...change, version });
  }

  /** Changes the password, which revokes all other tokens. */
  changePassword(passwords: ChangePasswordDto): Observable<void> {
    return this.http.put<void>('/me/password', passwords);
  }

  tokens(query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/me/tokens', { params: listParameters(query) });
  }

  /** Revokes all tokens of the user except the current one. */
  revokeOtherTokens(): Observable<string | undefined> {
    return deleteEffectively(this.http, '/me/tokens');
  }
}
