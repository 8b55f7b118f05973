import { type Principal } from '../../../common/request/principal.js';

/** Whose tokens somebody sees. */
export interface TokenVisibility {
  /** Only this user's; absent = everybody's. */
  readonly userId?: string;
  /** Whether display names and e-mail addresses must not be searched: the caller may not see those of other users. */
  readonly hidesProfiles?: boolean;
}

/** Whose tokens somebody sees: with `tokens:read` everybody's, without it their own, whatever else they hold. */
export function visibilityOf({ id, permissions }: Principal): TokenVisibility {
  return permissions.has('tokens:read') ? { hidesProfiles: !permissions.has('users:read') } : { userId: id };
}

/** Whether a token is one of those; to who does not see it, it is not there. */
export function isVisible(scope: TokenVisibility, token: { userId: string }): boolean {
  return scope.userId === undefined || scope.userId === token.userId;
}
