import { type OpenAPIObject } from '@nestjs/swagger';

/** The parts of an OpenAPI response that header fields follow from. */
interface Response {
  headers?: Record<string, object>;
  content?: Record<string, { schema?: { $ref?: string } }>;
}

/** The parts of an OpenAPI operation that header fields follow from. */
interface Operation {
  operationId?: string;
  responses: Record<string, Response | undefined>;
  security?: Record<string, string[]>[];
  parameters?: { in: string; name: string }[];
}

const text = (description: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' },
});

const REQUEST_ID = { 'X-Request-Id': text('The id of the request: the one that was sent, or a new one.') };
const RETRY_AFTER = { 'Retry-After': text('Whole seconds after which the next try can succeed.') };
const CHALLENGE = { 'WWW-Authenticate': text('Which credentials are wanted, and what was wrong.') };
const ENTITY_TAG = { ETag: text('The version, to be sent in If-Match.') };
const LOCATION = { Location: text('The address of what was made.') };
const LINK = { Link: text('Leads to the pages around this one (RFC 8288).', false) };
const TOKEN_STATE = {
  'X-Auth-Token-Expires': text('Expiry of the presented token; absent if it has none.', false),
  'X-Auth-Token-Superseded': text(
    '`true` if the token was presented by its secret before the last rotation.',
    false,
  ),
};
const SET_COOKIE = { 'Set-Cookie': text('Sets or removes the session cookie of the console.', false) };
const CLEAR_SITE_DATA = {
  'Clear-Site-Data': text(
    'Clears the cache and storage of the browser if the request had X-Requested-With.',
    false,
  ),
};
const PREFERENCE_APPLIED = {
  'Preference-Applied': text('`session-cookie` if the session cookie was set (RFC 7240).', false),
};

/** Header fields that only one route sends, with success and with problems. */
const OF_ROUTES: Record<string, { success?: object; problem?: object } | undefined> = {
  logIn: { success: { ...SET_COOKIE, ...PREFERENCE_APPLIED } },
  logOut: { success: { ...SET_COOKIE, ...CLEAR_SITE_DATA }, problem: { ...SET_COOKIE, ...CLEAR_SITE_DATA } },
  resumeSession: { problem: SET_COOKIE },
};

const rateLimit = (required: boolean) => ({
  RateLimit: text('Requests that the limits still allow.', required),
  'RateLimit-Policy': text('The limits on failed log-ins, or on the writes of a user.', required),
});

/** Adds the header fields that follow from what an operation answers with and how it is guarded. */
export function completeHeaders(
  document: OpenAPIObject,
  path: string,
  operation: Operation,
  isLimited: boolean,
): void {
  const { operationId = '', responses, security = [], parameters = [] } = operation;
  const takesToken = security.some((scheme) => 'token' in scheme || 'session-cookie' in scheme);
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
      ...OF_ROUTES[operationId]?.[isSuccess ? 'success' : 'problem'],
      ...(isSuccess && hasPages && LINK),
      ...(isResource && ENTITY_TAG),
      ...(isResource && status === '201' && LOCATION),
      // What cannot be read at all is refused before its route is known.
      ...((isLimited || status === '429') && rateLimit(isSuccess || status === '429')),
      ...(status === '401' && CHALLENGE),
      ...((status === '429' || status === '503') && RETRY_AFTER),
      ...response.headers,
    };
  }
}

/** Whether an answer is a single thing that can be changed, which says its version. */
function hasVersion({ components }: OpenAPIObject, { content = {} }: Response): boolean {
  return Object.values(content).some(({ schema }) => {
    const found = components?.schemas?.[schema?.$ref?.split('/').at(-1) ?? ''];
    return found !== undefined && 'properties' in found && 'version' in (found.properties ?? {});
  });
}
