import { entryOf } from '../../routes.js';
import { type Headers } from '../../support/api-client.js';
import { type Fixtures, type RouteRequest } from '../../support/routes/fixtures.js';
import { isChange } from '../../support/routes/route.js';
import { withPathParameter, type Operation } from './documented-api.js';

interface Request {
  route: string;
  operation: Operation;
  /** Request that succeeds. */
  example: RouteRequest;
  fixtures: Fixtures;
}

interface Variant {
  status: number;
  /** Returns invalid variants of a request; `undefined` if the operation does not allow this error. */
  variantOf: (request: Request) => RouteRequest[] | undefined;
}

const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];
/** Longer than every limit. */
const HUGE = 'x'.repeat(600_000);

const takesJson = ({ operation }: Request) => 'application/json' in (operation.requestBody?.content ?? {});
const takesVersion = ({ operation }: Request) => '428' in operation.responses;

const withHeaders = ({ example }: Request, headers: Headers): RouteRequest => ({
  ...example,
  headers: { ...example.headers, ...headers },
});

const withBody = (request: Request, body: unknown, type = 'application/json'): RouteRequest => ({
  ...withHeaders(request, { 'Content-Type': type }),
  body,
});

/** Invalid variants of requests, by error. */
export const INVALID_VARIANTS: Record<string, Variant> = {
  'without credentials': {
    status: 401,
    variantOf: ({ operation, example, route }) =>
      operation.security?.length && route !== 'GET /auth/session' ? [{ ...example, headers: {} }] : undefined,
  },
  'with too few permissions': {
    status: 403,
    variantOf: ({ operation, example, fixtures }) =>
      operation['x-required-permissions']?.length
        ? [{ ...example, headers: fixtures.user.headers }]
        : undefined,
  },
  'for a resource that does not exist': {
    status: 404,
    variantOf: ({ example, route }) =>
      route.includes('{') && !route.endsWith('/throttle')
        ? [{ ...example, path: withPathParameter(route, 'nobody-here') }]
        : undefined,
  },
  'with an unsupported media type in Accept': {
    status: 406,
    variantOf: (request) =>
      '406' in request.operation.responses ? [withHeaders(request, { Accept: 'image/png' })] : undefined,
  },
  'with an unknown parameter': {
    status: 400,
    variantOf: ({ example, route }) =>
      VERIFY.includes(route)
        ? undefined
        : [{ ...example, path: `${example.path}${example.path.includes('?') ? '&' : '?'}nonsense=1` }],
  },
  'with two credentials': {
    status: 400,
    variantOf: (request) =>
      request.operation.security?.length && !VERIFY.includes(request.route) && !entryOf(request.route).scheme
        ? [withHeaders(request, { Authorization: 'Bearer latchkey_another' })]
        : undefined,
  },
  'with broken JSON': {
    status: 400,
    variantOf: (request) => (takesJson(request) ? [withBody(request, '{"a":')] : undefined),
  },
  'with a body of an unsupported media type': {
    status: 415,
    variantOf: (request) =>
      request.operation.requestBody ? [withBody(request, 'an image', 'image/png')] : undefined,
  },
  'with a body above the limit': {
    status: 413,
    variantOf: (request) => (takesJson(request) ? [withBody(request, { note: HUGE })] : undefined),
  },
  'with an unknown member': {
    status: 422,
    variantOf: (request) =>
      takesJson(request)
        ? [withBody(request, { ...(request.example.body as object), nonsense: 1 })]
        : undefined,
  },
  'without a required version': {
    status: 428,
    variantOf: (request) =>
      takesVersion(request)
        ? [{ ...request.example, body: { ...(request.example.body as object), version: undefined } }]
        : undefined,
  },
  // Includes routes that do not evaluate the version: their resources have no ETag that could match.
  'with a stale version in If-Match': {
    status: 412,
    variantOf: (request) =>
      isChange(request.route) ? [withHeaders(request, { 'If-Match': '"99"' })] : undefined,
  },
  'with a stale version in the body': {
    status: 409,
    variantOf: (request) =>
      takesVersion(request)
        ? [{ ...request.example, body: { ...(request.example.body as object), version: 99 } }]
        : undefined,
  },
  'with a stale version in the body and a current one in If-Match': {
    status: 409,
    variantOf: (request) =>
      takesVersion(request)
        ? ['"0"', '*'].map((ifMatch) => ({
            ...withHeaders(request, { 'If-Match': ifMatch }),
            body: { ...(request.example.body as object), version: 99 },
          }))
        : undefined,
  },
};
