import { type OpenAPIObject } from '@nestjs/swagger';
import { HEADERS } from '@latchkey/auth-models';
import { type Operation, type Response } from './operation.js';

const text = (description: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' },
});

const REQUEST_ID = { [HEADERS.xRequestId]: text('Id of the request: that of the client, or a new one.') };
const RETRY_AFTER = { [HEADERS.retryAfter]: text('Seconds after which the next attempt can succeed.') };
const CHALLENGE = { [HEADERS.wwwAuthenticate]: text('The expected credentials, and the error.') };
const OAUTH_CHALLENGE = {
  [HEADERS.wwwAuthenticate]: text('`Basic`, if the request had it (RFC 6749, section 5.2).', false),
};
const ENTITY_TAG = { [HEADERS.etag]: text('Version of the resource, for If-Match.') };
const LOCATION = { [HEADERS.location]: text('URL of the new resource.') };
const LINK = { [HEADERS.link]: text('Link to this document, with `rel="service-desc"` (RFC 8631).', false) };
const PAGE_LINKS = {
  [HEADERS.link]: text(
    'Links to the first, previous, next and last page (RFC 8288), and to this document. With a very long query, some of them are omitted, but never the one to the next page.',
    false,
  ),
};
const TOKEN_STATE = {
  [HEADERS.xAuthTokenExpires]: text('Expiry of the presented token. Absent if it has none.', false),
  [HEADERS.xAuthTokenSuperseded]: text(
    '`true` if the secret of the token is superseded, that is, from before its last rotation.',
    false,
  ),
};
const SET_COOKIE = { [HEADERS.setCookie]: text('Sets or removes the session cookie of the console.', false) };
const CLEAR_SITE_DATA = {
  [HEADERS.clearSiteData]: text(
    'Clears the cache and storage of the browser. Sent if the request has X-Requested-With.',
    false,
  ),
};
const PREFERENCE_APPLIED = {
  [HEADERS.preferenceApplied]: text('`session-cookie` if the session cookie was set (RFC 7240).', false),
};
const EFFECTIVE_BY = {
  [HEADERS.xAuthEffectiveBy]: text('Time from which the change is in effect everywhere, RFC 3339.', false),
  [HEADERS.preferenceApplied]: text('`wait` with its seconds if the response has waited (RFC 7240).', false),
};

/** Headers of single operations, with success and with problems. */
const BY_OPERATION: Record<string, { success?: object; problem?: object } | undefined> = {
  logIn: { success: { ...SET_COOKIE, ...PREFERENCE_APPLIED } },
  logOut: { success: { ...SET_COOKIE, ...CLEAR_SITE_DATA }, problem: { ...SET_COOKIE, ...CLEAR_SITE_DATA } },
  resumeSession: { problem: SET_COOKIE },
};

const rateLimit = (required: boolean) => ({
  [HEADERS.rateLimit]: text('Remaining requests within the limits.', required),
  [HEADERS.rateLimitPolicy]: text('Limits on failed logins, or on the writes of a user.', required),
});

/** Adds the response headers that follow from the schemas and guards of an operation. */
export function completeHeaders(
  document: OpenAPIObject,
  path: string,
  operation: Operation,
  { isLimited, isFixedType, isOAuth }: { isLimited: boolean; isFixedType: boolean; isOAuth: boolean },
): void {
  const { operationId = '', responses, security = [], parameters = [] } = operation;
  const takesToken = security.some((scheme) => 'token' in scheme || 'session-cookie' in scheme);
  const takesEffect = parameters.some(({ name }) => name === HEADERS.prefer) && operationId !== 'logIn';
  const hasPages = parameters.some((parameter) => parameter.in === 'query' && parameter.name === 'size');
  for (const [status, response] of Object.entries(responses)) {
    if (!response) {
      continue;
    }
    const isSuccess = status.startsWith('2');
    const isResource = isSuccess && !path.startsWith('/auth/') && hasVersion(document, response);
    response.headers = {
      ...REQUEST_ID,
      ...(takesToken && TOKEN_STATE),
      ...(isSuccess && takesEffect && EFFECTIVE_BY),
      ...BY_OPERATION[operationId]?.[isSuccess ? 'success' : 'problem'],
      ...(!isFixedType && LINK),
      ...(isSuccess && hasPages && PAGE_LINKS),
      ...(isResource && ENTITY_TAG),
      ...(isResource && status === '201' && LOCATION),
      // Malformed requests are rejected before their route is known, so other problems may lack these
      // headers.
      ...((isLimited || status === '429') && rateLimit(isSuccess || status === '429')),
      ...(status === '401' && (isOAuth ? OAUTH_CHALLENGE : CHALLENGE)),
      ...((status === '429' || status === '503') && RETRY_AFTER),
      ...response.headers,
    };
  }
}

function hasVersion({ components }: OpenAPIObject, { content = {} }: Response): boolean {
  return Object.values(content).some(({ schema }) => {
    const found = components?.schemas?.[schema?.$ref?.split('/').at(-1) ?? ''];
    return found !== undefined && 'properties' in found && 'version' in (found.properties ?? {});
  });
}
