/** A `human` signs in with a password; a `service` has none and is given tokens by an administrator. */
export const USER_KINDS = ['human', 'service'] as const;

/** One of {@link USER_KINDS}. */
export type UserKind = (typeof USER_KINDS)[number];
