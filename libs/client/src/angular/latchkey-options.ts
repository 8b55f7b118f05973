import { InjectionToken } from '@angular/core';

/**
 * Reason for a sign-out: the session expired or was revoked, or the user signed out in this tab or in another
 * one.
 */
export type SignOutReason = 'session-ended' | 'signed-out' | 'signed-out-elsewhere';

/** Options of {@link provideLatchkey}. */
export interface LatchkeyOptions {
  /**
   * Address of Latchkey, such as `https://auth.example.org`. Its origin receives the token. By default the
   * origin of the page.
   */
  url?: string;
  /**
   * Origins of your own APIs, such as `https://api.example.org`, to which the interceptor sends the token.
   */
  apiOrigins?: readonly string[];
  /**
   * Storage that keeps the session across reloads, such as `sessionStorage`. Other scripts on the page can
   * read it. By default the token is kept in memory only. If the page and Latchkey have the same origin,
   * Latchkey's session cookie keeps the session. A storage that is full or blocked keeps no session: the user
   * then has to sign in again after a reload.
   */
  storage?: Storage;
  /** Called in an injection context after every sign-out, for example to navigate to the sign-in page. */
  onSignOut?: (reason: SignOutReason) => void;
}

/** Options that the application has passed to {@link provideLatchkey}. */
export const LATCHKEY_OPTIONS = new InjectionToken<LatchkeyOptions>('LatchkeyOptions');
