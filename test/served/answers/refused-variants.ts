import { type Example } from './examples.js';
import { type Operation } from './documented.js';
import { type World } from './world.js';

interface Asked {
  route: string;
  operation: Operation;
  /** The request that succeeds. */
  example: Example;
  world: World;
}

interface Variant {
  status: number;
  /** The same request with something wrong; `undefined` where it cannot be wrong in this way. */
  variantOf: (asked: Asked) => Example[] | undefined;
}

const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];
const HUGE = 'x'.repeat(200_000);

/** Operations that no token opens, and what they take instead. */
const OTHER_CREDENTIALS = new Set(['POST /auth/login', 'GET /auth/session']);

const headersOf = ({ example, world }: Asked) => example.headers ?? world.asAdmin;
const takesJson = ({ operation }: Asked) => 'application/json' in (operation.requestBody?.content ?? {});
const takesVersion = ({ operation }: Asked) => '428' in operation.responses;
const isSafe = ({ route }: Asked) => /^(GET|HEAD) /.test(route);

const withBody = (asked: Asked, body: unknown, type = 'application/json'): Example => ({
  ...asked.example,
  body,
  headers: { ...headersOf(asked), 'Content-Type': type },
});

/** What can be wrong with a request, by what is done to it. */
export const refusedVariants: Record<string, Variant> = {
  'without credentials': {
    status: 401,
    variantOf: ({ operation, example, route }) =>
      operation.security?.length && route !== 'GET /auth/session' ? [{ ...example, headers: {} }] : undefined,
  },
  'with too few permissions': {
    status: 403,
    variantOf: ({ operation, example, world }) =>
      operation['x-required-permissions']?.length ? [{ ...example, headers: world.asUser }] : undefined,
  },
  'of what is not there': {
    status: 404,
    variantOf: ({ example, route }) =>
      route.includes('{') && !route.endsWith('/throttle')
        ? [{ ...example, path: example.path.replace(/^(\/\w+\/)[^/?]+/, '$1nobody-here') }]
        : undefined,
  },
  'in a type that nobody has': {
    status: 406,
    variantOf: (asked) =>
      '406' in asked.operation.responses
        ? [{ ...asked.example, headers: { ...headersOf(asked), Accept: 'image/png' } }]
        : undefined,
  },
  'with a parameter that there is not': {
    status: 400,
    variantOf: ({ example, route }) =>
      VERIFY.includes(route)
        ? undefined
        : [{ ...example, path: `${example.path}${example.path.includes('?') ? '&' : '?'}nonsense=1` }],
  },
  'with a credential twice': {
    status: 400,
    variantOf: (asked) =>
      asked.operation.security?.length && !VERIFY.includes(asked.route) && !OTHER_CREDENTIALS.has(asked.route)
        ? [{ ...asked.example, headers: { ...headersOf(asked), Authorization: 'Bearer lk_another' } }]
        : undefined,
  },
  'with broken JSON': {
    status: 400,
    variantOf: (asked) => (takesJson(asked) ? [withBody(asked, '{"a":')] : undefined),
  },
  'with a body of another type': {
    status: 415,
    variantOf: (asked) =>
      asked.operation.requestBody ? [withBody(asked, 'plain text', 'text/plain')] : undefined,
  },
  'with a body that is too large': {
    status: 413,
    variantOf: (asked) => (takesJson(asked) ? [withBody(asked, { note: HUGE })] : undefined),
  },
  'with a member that there is not': {
    status: 422,
    variantOf: (asked) =>
      takesJson(asked) ? [withBody(asked, { ...(asked.example.body as object), nonsense: 1 })] : undefined,
  },
  'without a version where one is needed': {
    status: 428,
    variantOf: (asked) =>
      takesVersion(asked)
        ? [{ ...asked.example, body: { ...(asked.example.body as object), version: undefined } }]
        : undefined,
  },
  // No exception: what a route changes without evaluating the version itself has no ETag that could match.
  'with a stale version in If-Match': {
    status: 412,
    variantOf: (asked) =>
      isSafe(asked)
        ? undefined
        : [{ ...asked.example, headers: { ...headersOf(asked), 'If-Match': '"99"' } }],
  },
  'with a stale version in the body': {
    status: 409,
    variantOf: (asked) =>
      takesVersion(asked)
        ? [{ ...asked.example, body: { ...(asked.example.body as object), version: 99 } }]
        : undefined,
  },
  'with a stale version in the body beside a current one in If-Match': {
    status: 409,
    variantOf: (asked) =>
      takesVersion(asked)
        ? ['"0"', '*'].map((ifMatch) => ({
            ...asked.example,
            headers: { ...headersOf(asked), 'If-Match': ifMatch },
            body: { ...(asked.example.body as object), version: 99 },
          }))
        : undefined,
  },
};
