/** Why somebody sees the sign-in page. */
export const SIGN_IN_NOTICES = [
  'session-ended',
  'signed-out',
  'signed-out-elsewhere',
  'password-set',
] as const;

/** One of {@link SIGN_IN_NOTICES}. */
export type SignInNotice = (typeof SIGN_IN_NOTICES)[number];
