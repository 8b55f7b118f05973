import { inject } from '@angular/core';
import { type CanActivateFn, type CanMatchFn, Router } from '@angular/router';
import type { BuiltInPermission } from '@latchkey/auth-models';
import { Session } from './session';

/** Sends whoever is not signed in to the sign-in page, and keeps where they wanted to go. */
export const signedIn: CanActivateFn = async (_route, { url }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.ready;

  const returnTo = url === '/' ? null : url;
  return session.isSignedIn() || router.createUrlTree(['/sign-in'], { queryParams: { returnTo } });
};

/** Sends whoever is signed in already into the console. */
export const signedOut: CanActivateFn = async () => {
  const session = inject(Session);
  const router = inject(Router);
  await session.ready;

  return !session.isSignedIn() || router.parseUrl('/');
};

/** Hides pages from those who may not read them; the server refuses them as well. */
export function allows(permission: BuiltInPermission): CanMatchFn {
  return async () => {
    const session = inject(Session);
    await session.ready;

    return session.can(permission);
  };
}
