import { isLimited, type Principal } from '../../common/request/principal.js';
import { type Token } from '../model/token.entity.js';

/**
 * Tokens that a caller can see. {@link isVisible} applies it to one token, {@link VISIBILITY_CONDITIONS}
 * applies it in lists. Services receive the tokens of their users, so a limited token must not reveal the
 * sessions of its user, nor which tokens are canaries.
 */
export interface TokenVisibility {
  /** User whose tokens are visible; absent if those of all users are. */
  readonly userId?: string;
  /** Presented token, if only this token and those created with it are visible. */
  readonly rootId?: string;
  readonly hidesCanaries?: boolean;
  /**
   * Whether display names and e-mail addresses must not be searched, because the caller may not see other
   * users.
   */
  readonly hidesProfiles?: boolean;
}

/** Columns that decide whether a token is visible. */
export type VisibilityColumns = Pick<Token, 'id' | 'userId' | 'kind'>;

/**
 * Returns the tokens that a caller can see: all with `tokens:read`, otherwise its own. A limited token
 * without `tokens:read` and `tokens:write` sees only itself and tokens created with it. No limited token sees
 * canaries.
 */
export function visibilityOf(actor: Principal): TokenVisibility {
  const { id, permissions } = actor;
  const seesOthers = permissions.has('tokens:read') || permissions.has('tokens:write');
  return {
    ...(permissions.has('tokens:read') ? { hidesProfiles: !permissions.has('users:read') } : { userId: id }),
    ...(isLimited(actor) && !seesOthers && { rootId: actor.token.id }),
    ...(isLimited(actor) && { hidesCanaries: true }),
  };
}

/** Returns what a caller can see of its own user's tokens. */
export function ownVisibilityOf(actor: Principal): TokenVisibility {
  return { ...visibilityOf(actor), userId: actor.id, hidesProfiles: false };
}

/**
 * Whether a token is visible.
 *
 * @param belowRoot ids of tokens that were created with `rootId`. It must contain this token if it is one of
 *   them.
 */
export function isVisible(
  { userId, rootId, hidesCanaries }: TokenVisibility,
  token: VisibilityColumns,
  belowRoot: ReadonlySet<string> = new Set(),
): boolean {
  return (
    (userId === undefined || token.userId === userId) &&
    (rootId === undefined || token.id === rootId || belowRoot.has(token.id)) &&
    !(hidesCanaries && token.kind === 'canary')
  );
}

/** Condition that a column with the id of a token is `:rootId`, or a token created with it. */
export const withinRoot = (column: string) =>
  `(${column} = :rootId OR ${column} IN (SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :rootId))`;

/**
 * {@link isVisible} in SQL for the alias `token`, without the user. Each item is a parameter, its type, and
 * the condition, which applies unless the parameter is null.
 */
export const VISIBILITY_CONDITIONS = [
  ['rootId', 'VARCHAR', withinRoot('token."id"')],
  ['hidesCanaries', 'BOOLEAN', `token."kind" <> 'canary'`],
] as const;

/** Returns the parameters of {@link VISIBILITY_CONDITIONS}. */
export function visibilityParameters({ rootId, hidesCanaries }: TokenVisibility) {
  return { rootId: rootId ?? null, hidesCanaries: hidesCanaries ? true : null };
}
