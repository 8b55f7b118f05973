/** Header fields of the API that are not in the HTTP standard, plus those every client handles. */
export const HEADERS = {
  authorization: 'Authorization',
  xAuthToken: 'X-Auth-Token',
  xAuthTokenExpires: 'X-Auth-Token-Expires',
  xAuthTokenSuperseded: 'X-Auth-Token-Superseded',
  xRequestId: 'X-Request-Id',
  xRequestedWith: 'X-Requested-With',
  prefer: 'Prefer',
  preferenceApplied: 'Preference-Applied',
} as const;

/** The value of `Prefer` (RFC 7240) with which a browser asks for the session cookie at log-in. */
export const SESSION_COOKIE_PREFERENCE = 'session-cookie';
