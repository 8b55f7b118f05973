/** A `session` comes from a log-in and ends when idle; an `api` token is made on purpose and lasts until its end. */
export const TOKEN_KINDS = ['session', 'api'] as const;

/** One of {@link TOKEN_KINDS}. */
export type TokenKind = (typeof TOKEN_KINDS)[number];
