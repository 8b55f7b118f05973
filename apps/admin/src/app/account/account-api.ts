import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { ChangePasswordDto, MeDto, PageDto, UpdateMeDto, UserTokenDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';

/** The endpoints under `/me`. */
@Injectable({ providedIn: 'root' })
export class AccountApi {
  private readonly http = inject(HttpClient);

  /** The account as it is by now. */
  get(): Observable<MeDto> {
    return this.http.get<MeDto>('/me');
  }

  /** Changes the profile, if it is still of that version. */
  update(change: UpdateMeDto, version: number): Observable<MeDto> {
    return this.http.patch<MeDto>('/me', { ...change, version });
  }

  /** Changes the password, which ends all other tokens. */
  changePassword(passwords: ChangePasswordDto): Observable<void> {
    return this.http.put<void>('/me/password', passwords);
  }

  /** A page of the person's own tokens. */
  tokens(query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/me/tokens', { params: listParameters(query) });
  }

  /** Ends all of the person's tokens but the one in use. */
  revokeOtherTokens(): Observable<void> {
    return this.http.delete<void>('/me/tokens');
  }
}
