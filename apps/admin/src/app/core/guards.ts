import { inject } from '@angular/core';
import { type CanActivateFn, type CanMatchFn, Router } from '@angular/router';
import type { BuiltInPermission } from '@latchkey/auth-models';
import { Session } from './session';

/** Redirects unauthenticated users to the sign-in page, which then returns them to the requested page. */
export const signedIn: CanActivateFn = async (_route, { url }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.ready;

  const returnTo = url === '/' ? null : url;
  return session.isSignedIn() || router.createUrlTree(['/sign-in'], { queryParams: { returnTo } });
};

/** Redirects signed-in users to the home page. */
export const signedOut: CanActivateFn = async () => {
  const session = inject(Session);
  const router = inject(Router);
  await session.ready;

  return !session.isSignedIn() || router.parseUrl('/');
};

/** Skips a route for users without a permission. The server enforces the permission as well. */
export function allows(permission: BuiltInPermission): CanMatchFn {
  return async () => {
    const session = inject(Session);
    await session.ready;

    return session.can(permission);
  };
}
