import { inject, type Type } from '@angular/core';
import { Router } from '@angular/router';
import type { BuiltInPermission } from '@latchkey/auth-models';
import { LatchkeySession, type SignOutReason } from '@latchkey/client/angular';
import { BrowserStorage } from './browser-storage';

/** The signed-in user and their session. */
export type Session = LatchkeySession<BuiltInPermission>;
export const Session: Type<Session> = LatchkeySession;

/** Reasons that the sign-in page shows, passed in its URL. */
export const SIGN_IN_NOTICES = [
  'session-ended',
  'signed-out',
  'signed-out-elsewhere',
  'password-set',
] as const satisfies readonly (SignOutReason | 'password-set')[];

export type SignInNotice = (typeof SIGN_IN_NOTICES)[number];

/** Start of the keys under which the palette keeps names of users and previews of tokens in this browser. */
export const RECENT_ENTRIES_KEY = 'latchkey-recent-';

/** Shows the sign-in page, which returns to the open page if the session expired. */
export function showSignIn(notice: SignOutReason): void {
  const router = inject(Router);
  if (notice !== 'session-ended') {
    inject(BrowserStorage).removeAll(RECENT_ENTRIES_KEY);
  }
  const returnTo = notice === 'session-ended' ? router.url : null;
  void router.navigate(['/sign-in'], { queryParams: { notice, returnTo } });
}
