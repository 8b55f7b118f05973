import { InjectionToken } from '@angular/core';

/** Reason of a sign-out: the session expired or was revoked, or the user signed out, in this tab or in another one. */
export type SignOutReason = 'session-ended' | 'signed-out' | 'signed-out-elsewhere';

/** Options of {@link provideLatchkey}. */
export interface LatchkeyOptions {
  /** Address of Latchkey, such as `https://auth.example.org`, whose origin gets the token. The origin of the page by default. */
  url?: string;
  /** Origins of your own APIs, such as `https://api.example.org`, to which the interceptor sends the token. */
  apiOrigins?: readonly string[];
  /**
   * Storage that keeps the session across reloads, such as `sessionStorage`. Other scripts on the page can read it. By default
   * the token is only in memory, and Latchkey's session cookie keeps the session if the page has the origin of Latchkey.
   */
  storage?: Storage;
  /** Called in an injection context after every sign-out, for example to navigate to the sign-in page. */
  onSignOut?: (reason: SignOutReason) => void;
}

/** Options of the application. */
export const LATCHKEY_OPTIONS = new InjectionToken<LatchkeyOptions>('LatchkeyOptions');
