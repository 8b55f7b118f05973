import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import {
  type BumpResponseDto,
  HEADERS,
  type LoginDto,
  type LogoutResponseDto,
  type MeDto,
  SESSION_COOKIE_PREFERENCE,
  type UserTokenDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { browserName } from './browser-name';
import { Language } from './language';
import { withoutRenewal, withoutToken } from './request-context';

/** Client of the endpoints for login, logout and the session. */
@Injectable({ providedIn: 'root' })
export class SessionApi {
  private readonly http = inject(HttpClient);
  private readonly texts = inject(Language).texts;

  /** Exchanges name and password for a token, and requests the cookie that keeps the session across reloads. */
  logIn(name: string, password: string): Observable<UserTokenDto> {
    const headers = {
      [HEADERS.authorization]: `Basic ${base64Credential(name, password)}`,
      [HEADERS.prefer]: SESSION_COOKIE_PREFERENCE,
    };
    const texts = this.texts();
    const dto: LoginDto = { note: texts.session.note(browserName(navigator.userAgent, texts)) };
    return this.http.post<UserTokenDto>('/auth/login', dto, { headers, context: withoutToken() });
  }

  /** Returns the session of the cookie; `null` without a cookie. */
  current(): Observable<UserTokenDto | null> {
    return this.http.get<UserTokenDto | null>('/auth/session', { context: withoutToken() });
  }

  /** Returns the signed-in user with their effective permissions. */
  me(): Observable<MeDto> {
    return this.http.get<MeDto>('/me', { context: withoutRenewal() });
  }

  /** Restarts the idle time of the session. */
  bump(): Observable<BumpResponseDto> {
    return this.http.post<BumpResponseDto>('/auth/bump', null);
  }

  /** Revokes the session and removes its cookie. */
  logOut(): Observable<LogoutResponseDto> {
    return this.http.post<LogoutResponseDto>('/auth/logout', null, { context: withoutRenewal() });
  }
}

/** Encodes a user with a password or token as in Basic authentication (RFC 7617). `btoa` alone accepts Latin-1 only. */
export function base64Credential(user: string, secret: string): string {
  const bytes = new TextEncoder().encode(`${user}:${secret}`);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
