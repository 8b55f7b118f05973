/** Names of the header fields that are specific to the API, and of the standard ones that every client needs. */
export const HEADERS = {
  authorization: 'Authorization',
  xAuthToken: 'X-Auth-Token',
  xAuthError: 'X-Auth-Error',
  xAuthTokenExpires: 'X-Auth-Token-Expires',
  xAuthTokenSuperseded: 'X-Auth-Token-Superseded',
  xRequestId: 'X-Request-Id',
  xRequestedWith: 'X-Requested-With',
  prefer: 'Prefer',
  preferenceApplied: 'Preference-Applied',
} as const;

/** Value of `Prefer` (RFC 7240) that requests a session cookie at login. */
export const SESSION_COOKIE_PREFERENCE = 'session-cookie';
