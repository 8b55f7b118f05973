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
import { anonymously, withoutRenewal } from './request-context';
import { browserName } from './browser-name';
import { credential } from './credential';
import { Language } from './language';

/** The endpoints that a session lives by. */
@Injectable({ providedIn: 'root' })
export class SessionApi {
  private readonly http = inject(HttpClient);
  private readonly texts = inject(Language).texts;

  /** Exchanges name and password for a token, and asks for the cookie that survives a reload. */
  logIn(name: string, password: string): Observable<UserTokenDto> {
    const headers = {
      [HEADERS.authorization]: `Basic ${credential(name, password)}`,
      [HEADERS.prefer]: SESSION_COOKIE_PREFERENCE,
    };
    const wish: LoginDto = { note: this.note() };
    return this.http.post<UserTokenDto>('/auth/login', wish, { headers, context: anonymously() });
  }

  /** The session that the cookie names; nothing if there is no cookie. */
  current(): Observable<UserTokenDto | null> {
    return this.http.get<UserTokenDto | null>('/auth/session', { context: anonymously() });
  }

  /** The account behind the token, with its effective permissions. */
  me(): Observable<MeDto> {
    return this.http.get<MeDto>('/me', { context: withoutRenewal() });
  }

  /** Prolongs the session's idle time. */
  bump(): Observable<BumpResponseDto> {
    return this.http.post<BumpResponseDto>('/auth/bump', null);
  }

  /** Ends the session and its cookie. */
  logOut(): Observable<LogoutResponseDto> {
    return this.http.post<LogoutResponseDto>('/auth/logout', null, { context: withoutRenewal() });
  }

  private note(): string {
    const texts = this.texts();
    return texts.session.note(browserName(navigator.userAgent, texts));
  }
}
