/**
 * Kinds of users. A `human` logs in with a password. A `service` has no password, and administrators issue
 * its tokens.
 */
export const USER_KINDS = ['human', 'service'] as const;

/** One of {@link USER_KINDS}. */
export type UserKind = (typeof USER_KINDS)[number];

/**
 * Kinds of tokens. A `session` is issued at login and expires when it is idle. An `api` token is created
 * explicitly and stays valid until it expires, if ever. A `canary` is bait: the server rejects it like an
 * unknown token, and raises an alarm.
 */
export const TOKEN_KINDS = ['session', 'api', 'canary'] as const;

/** One of {@link TOKEN_KINDS}. */
export type TokenKind = (typeof TOKEN_KINDS)[number];

/**
 * States of tokens. If several apply, the first of these counts: `revoked` (the token itself, or all tokens
 * of its user), `expired` or used up, `disabled` (the token or its user), `pending` (not valid yet),
 * `expiring` (expires within `EXPIRING_DAYS`), `active`. The server accepts `active` and `expiring` tokens.
 * Live tokens, which limits count, include `disabled` ones.
 */
export const TOKEN_STATES = ['active', 'expiring', 'pending', 'expired', 'disabled', 'revoked'] as const;

/** One of {@link TOKEN_STATES}. */
export type TokenState = (typeof TOKEN_STATES)[number];

/**
 * States of offers. A `requested` offer waits for an approval. The recipient can claim the token of an
 * `offered` one. An offer becomes `expired` if it was not approved or not claimed in time.
 */
export const OFFER_STATES = ['requested', 'offered', 'claimed', 'rejected', 'expired', 'revoked'] as const;

/** One of {@link OFFER_STATES}. */
export type OfferState = (typeof OFFER_STATES)[number];

/**
 * Authentication methods, named as in RFC 8176 where possible: password, code of an authenticator app,
 * recovery code, and passkey. All but `pwd` are second factors.
 */
export const AUTH_METHODS = ['pwd', 'otp', 'recovery_code', 'passkey'] as const;

/** One of {@link AUTH_METHODS}. */
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Whether a method is a second factor. */
export function isSecondFactor(method: AuthMethod): boolean {
  return method !== 'pwd';
}

/** Kinds of second factors: authenticator apps, and passkeys. */
export const SECOND_FACTOR_KINDS = ['totp', 'passkey'] as const;

/** One of {@link SECOND_FACTOR_KINDS}. */
export type SecondFactorKind = (typeof SECOND_FACTOR_KINDS)[number];

/**
 * Sources of a setting's value. `file` means that the variable with the suffix `_FILE` names a file with the
 * value.
 */
export const SETTING_SOURCES = ['default', 'environment', 'file'] as const;

/** One of {@link SETTING_SOURCES}. */
export type SettingSource = (typeof SETTING_SOURCES)[number];
