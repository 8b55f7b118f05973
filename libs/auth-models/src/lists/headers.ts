/** Names of all header fields in the OpenAPI document. */
export const HEADERS = {
  // Requests
  accept: 'Accept',
  acceptEncoding: 'Accept-Encoding',
  authorization: 'Authorization',
  ifMatch: 'If-Match',
  ifNoneMatch: 'If-None-Match',
  prefer: 'Prefer',
  secFetchSite: 'Sec-Fetch-Site',
  traceparent: 'traceparent',
  xAuthToken: 'X-Auth-Token',
  xRequestedWith: 'X-Requested-With',
  // Requests and responses
  xRequestId: 'X-Request-Id',
  // Responses
  cacheControl: 'Cache-Control',
  clearSiteData: 'Clear-Site-Data',
  contentEncoding: 'Content-Encoding',
  contentSecurityPolicy: 'Content-Security-Policy',
  etag: 'ETag',
  link: 'Link',
  location: 'Location',
  preferenceApplied: 'Preference-Applied',
  rateLimit: 'RateLimit',
  rateLimitPolicy: 'RateLimit-Policy',
  referrerPolicy: 'Referrer-Policy',
  retryAfter: 'Retry-After',
  setCookie: 'Set-Cookie',
  strictTransportSecurity: 'Strict-Transport-Security',
  vary: 'Vary',
  wwwAuthenticate: 'WWW-Authenticate',
  xAuthError: 'X-Auth-Error',
  xAuthMetadata: 'X-Auth-Metadata',
  xAuthMissingPermissions: 'X-Auth-Missing-Permissions',
  xAuthMissingRoles: 'X-Auth-Missing-Roles',
  xAuthPermissions: 'X-Auth-Permissions',
  xAuthRoles: 'X-Auth-Roles',
  xAuthTokenExpires: 'X-Auth-Token-Expires',
  xAuthTokenId: 'X-Auth-Token-Id',
  xAuthTokenSuperseded: 'X-Auth-Token-Superseded',
  xAuthUser: 'X-Auth-User',
  xAuthUserId: 'X-Auth-User-Id',
  xContentTypeOptions: 'X-Content-Type-Options',
} as const;

/** Value of `Prefer` (RFC 7240) that requests a session cookie at login. */
export const SESSION_COOKIE_PREFERENCE = 'session-cookie';
