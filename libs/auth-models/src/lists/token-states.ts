/**
 * How a token stands, the first that is true of: `revoked` (itself, or with all of its user's), `expired`, `disabled`
 * (itself, or its user), `expiring` (within `EXPIRING_DAYS` of its absolute end), `active`.
 */
export const TOKEN_STATES = ['active', 'expiring', 'expired', 'disabled', 'revoked'] as const;

/** One of {@link TOKEN_STATES}. */
export type TokenState = (typeof TOKEN_STATES)[number];
