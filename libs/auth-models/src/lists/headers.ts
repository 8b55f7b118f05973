/** Names of the header fields of requests. */
const REQUEST_HEADERS = {
  accept: 'Accept',
  acceptEncoding: 'Accept-Encoding',
  authorization: 'Authorization',
  ifMatch: 'If-Match',
  ifNoneMatch: 'If-None-Match',
  lastEventId: 'Last-Event-ID',
  prefer: 'Prefer',
  secFetchSite: 'Sec-Fetch-Site',
  traceparent: 'traceparent',
  xAuthOtp: 'X-Auth-OTP',
  xAuthToken: 'X-Auth-Token',
  xRequestedWith: 'X-Requested-With',
} as const;

/** Names of the header fields that all responses have, for browsers and caches. */
const COMMON_HEADERS = {
  cacheControl: 'Cache-Control',
  contentSecurityPolicy: 'Content-Security-Policy',
  referrerPolicy: 'Referrer-Policy',
  strictTransportSecurity: 'Strict-Transport-Security',
  vary: 'Vary',
  xContentTypeOptions: 'X-Content-Type-Options',
} as const;

/**
 * Names of the other header fields of responses, which the OpenAPI document describes. Pages of other origins
 * may read all of them, except cookies.
 */
export const RESPONSE_HEADERS = {
  xRequestId: 'X-Request-Id',
  clearSiteData: 'Clear-Site-Data',
  contentEncoding: 'Content-Encoding',
  etag: 'ETag',
  link: 'Link',
  location: 'Location',
  preferenceApplied: 'Preference-Applied',
  rateLimit: 'RateLimit',
  rateLimitPolicy: 'RateLimit-Policy',
  retryAfter: 'Retry-After',
  setCookie: 'Set-Cookie',
  wwwAuthenticate: 'WWW-Authenticate',
  xAccelBuffering: 'X-Accel-Buffering',
  xAuthEffectiveBy: 'X-Auth-Effective-By',
  xAuthError: 'X-Auth-Error',
  xAuthMetadata: 'X-Auth-Metadata',
  xAuthMethods: 'X-Auth-Methods',
  xAuthMissingPermissions: 'X-Auth-Missing-Permissions',
  xAuthMissingRoles: 'X-Auth-Missing-Roles',
  xAuthPermissions: 'X-Auth-Permissions',
  xAuthRoles: 'X-Auth-Roles',
  xAuthTokenExpires: 'X-Auth-Token-Expires',
  xAuthTokenId: 'X-Auth-Token-Id',
  xAuthTokenSuperseded: 'X-Auth-Token-Superseded',
  xAuthUser: 'X-Auth-User',
  xAuthUserId: 'X-Auth-User-Id',
} as const;

/** Names of all header fields of requests and responses. */
export const HEADERS = { ...REQUEST_HEADERS, ...COMMON_HEADERS, ...RESPONSE_HEADERS } as const;

/** Value of `Prefer` (RFC 7240) that requests a session cookie at login. */
export const SESSION_COOKIE_PREFERENCE = 'session-cookie';
