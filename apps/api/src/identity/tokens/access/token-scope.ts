import { type Principal } from '../../../common/request/principal.js';

/** Whose tokens somebody sees. */
export interface TokenScope {
  /** Only this user's; absent = everybody's. */
  readonly userId?: string;
  /** Whether display names and e-mail addresses must not be searched: the caller may not see those of other users. */
  readonly hidesProfiles?: boolean;
}

/** Whose tokens somebody sees: with `tokens:read` everybody's, without it their own, whatever else they hold. */
export function scopeOf({ id, permissions }: Principal): TokenScope {
  return permissions.has('tokens:read') ? { hidesProfiles: !permissions.has('users:read') } : { userId: id };
}

/** Whether a token is one of those; to who does not see it, it is not there. */
export function isWithin(scope: TokenScope, token: { userId: string }): boolean {
  return scope.userId === undefined || scope.userId === token.userId;
}
