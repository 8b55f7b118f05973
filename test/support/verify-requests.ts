import fc from 'fast-check';
import { type Headers, tokenHeader } from './api-client.js';
import { newUser, PASSWORD } from './factories.js';
import { type RunningServer } from './use-server.js';

/** Values that differ with each response: the date, and random request ids (UUID version 4). */
const VARYING = /(?<=\r\ndate: )[^\r]*|[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/gi;

/** Request for the verify route, which may be malformed. */
export interface GeneratedRequest {
  method: string;
  target: string;
  fields: readonly [name: string, value: string][];
}

/** Returns the bytes of a request, with a body as long as its fields state. */
export function bytesOf({ method, target, fields }: GeneratedRequest): string {
  const length = fields.findLast(([name]) => name === 'Content-Length')?.[1];
  const isChunked = fields.some(([name]) => name === 'Transfer-Encoding');
  const body = isChunked ? '0\r\n\r\n' : 'x'.repeat(Number(length ?? 0));
  return [
    `${method} ${target} HTTP/1.1`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}

/** Creates tokens in all states and returns the values of their credential fields. */
export async function createCredentials(
  server: RunningServer,
  asAdmin: Headers,
): Promise<Record<string, string>> {
  const user = newUser({ name: `ünal-${Date.now()}@example.org`, roles: ['user', 'auditor'] });
  await server.client.createUser(user, asAdmin);
  const asUser = await server.client.loginHeaders(user.name, PASSWORD);
  const create = async (more = {}) => (await server.client.createMyToken(asUser, more)).body;
  const valueOf = (body: Parameters<typeof tokenHeader>[0]) => tokenHeader(body)['X-Auth-Token'] ?? '';
  const rotated = await create();
  const { body: current } = await server.client.rotateToken(rotated.id, asUser, {
    gracePeriodSeconds: 3_600,
  });
  const revoked = await create();
  await server.client.revokeToken(revoked.id, asUser);
  const full = await create();
  return {
    session: asUser['X-Auth-Token'] ?? '',
    full: valueOf(full),
    bearer: `Bearer ${full.token}`,
    lowerCaseBearer: `bearer  ${full.token}`,
    narrow: valueOf(await create({ permissions: ['users:read'] })),
    metadata: valueOf(await create({ metadata: { team: 'Zürich', numbers: [1, 2] } })),
    here: valueOf(await create({ allowedAddresses: ['127.0.0.1', '203.0.113.0/24'] })),
    elsewhere: valueOf(await create({ allowedAddresses: ['192.0.2.0/24'] })),
    counted: valueOf(await create({ maxUses: 1_000_000 })),
    limited: valueOf(await create({ rateLimit: { limit: 1_000_000, windowSeconds: 3600 } })),
    later: valueOf(await create({ notBefore: new Date(Date.now() + 3_600_000).toISOString() })),
    superseded: valueOf(rotated),
    current: valueOf(current),
    revoked: valueOf(revoked),
    admin: asAdmin['X-Auth-Token'] ?? '',
    junk: 'junk',
    wrong: `Bearer ${full.token?.slice(0, -1)}0`,
    empty: '',
  };
}

/** Credentials that the server accepts, and can accept from the cache. */
export const PLAIN = [
  'session',
  'full',
  'bearer',
  'narrow',
  'metadata',
  'here',
  'superseded',
  'current',
  'admin',
];

/** Queries that most tokens meet. */
const USUAL_QUERIES = [
  ...['', '', '', '?', '?permission=users:read', '?permission=users:read&permission=users:read'],
  ...[
    '?role=user',
    '?api=users',
    '?api=none',
    '?permission=users:read&role=auditor&api=users',
    '?role=%75ser',
    '?fresh=31622400',
    '?method=pwd',
    '?permission=users:read&fresh=86400&method=otp,pwd,passkey',
  ],
  `?${'permission=users:read&'.repeat(15)}`,
  ...['/permission=users:read/', '/permission=users:read&role=auditor/orders/../5?role=admin'],
  '/fresh=86400&method=pwd/orders?method=otp',
];
const QUERIES = [
  ...USUAL_QUERIES,
  ...['?permission=users:write', '?role=admin', '?q=1', '?token=x', '?permission=', '?api=a&api=b', '?%zz'],
  ...['#permission=users:read', '?permission=users:read#x', ';permission=users:read', '/', '/x', 'x', '?#'],
  ...[
    '?fresh=1',
    '?fresh=0',
    '?fresh=300&fresh=300',
    '?fresh=',
    '?method=',
    '?method=otp',
    '?method=pwd&method=pwd',
  ],
  ...['?method=PWD', '?method=pwd,', '?method=passkey,otp&fresh=300', '?permission=users:write&method=otp'],
  ...['/method=otp,recovery_code/x', '/fresh=31622401/x', '/fresh=300/'],
  ...['//orders', '/permission=users:write/orders', '/role=user%2f/orders', '/permission=users:read#/x'],
  `?${'permission=users:read&'.repeat(50)}`,
  `?x=${'y'.repeat(9_000)}`,
];

const ADDRESSES = [
  '203.0.113.9',
  '198.51.100.1',
  '10.1.2.3',
  '127.0.0.1',
  '2001:DB8::7',
  '::ffff:203.0.113.9',
];

/** Fields that requests often have. None of them prevents the fast path. */
export const USUAL_FIELDS: [name: string, value: string][] = [
  ['Accept', '*/*'],
  ['Accept', 'image/png'],
  ['Accept', '*/*;q=0'],
  ['Accept-Encoding', 'gzip, br'],
  ['Connection', 'keep-alive'],
  ['Connection', 'Keep-Alive'],
  ['Connection', 'close'],
  ['Cookie', '__Host-latchkey=x'],
  ['If-None-Match', '*'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['traceparent', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
  ['User-Agent', 'curl/8.0'],
  ['User-Agent', `\xc3\x9c\x80${'x'.repeat(300)}`],
  ['X-Envoy-Expected-Rq-Timeout-Ms', '200'],
  ['X-Envoy-Internal', 'true'],
  ['X-Request-Id', 'mine/1'],
  ['X-Request-Id', 'not ok'],
  ['X-Request-Id', ''],
  ['X-Real-IP', '203.0.113.9'],
  ['X-Original-URL', '/orders?x=1'],
  ['X-Forwarded-Host', 'shop.example.com'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Proto', 'http'],
  ...ADDRESSES.flatMap((address): [string, string][] => [
    ['X-Forwarded-For', address],
    ['X-Forwarded-For', `198.51.100.1,${address}, 10.1.2.3`],
  ]),
];

/** Fields that the fast path must not misread. */
export const ODD_FIELDS: [name: string, value: string][] = [
  ['Accept-Version', '1.0.0'],
  ['Authorization', 'Basic YTpi'],
  ['Authorization', 'Bearer'],
  ['Content-Length', '0'],
  ['Content-Type', 'text/nonsense'],
  ['Content-Length', '4'],
  ['Content-Length', '200000'],
  ['Transfer-Encoding', 'chunked'],
  ['Connection', 'close, x-auth-token'],
  ['Connection', 'upgrade'],
  ['Expect', '100-continue'],
  ['Expect', 'nonsense'],
  ['Forwarded', 'for=203.0.113.9;proto=https'],
  ['Host', 'second.example.com'],
  ['Host', ''],
  ['If-Match', '"7"'],
  ['Keep-Alive', 'timeout=5'],
  ['Origin', 'https://app.example.com'],
  ['Origin', 'https://other.example.com'],
  ['Origin', 'null'],
  ['Range', 'bytes=0-0'],
  ['TE', 'trailers'],
  ['Upgrade', 'h2c'],
  ['Via', '1.1 proxy'],
  ['X-Forwarded-Proto', 'http, https'],
  ['X-Forwarded-Proto', 'HTTPS'],
  ['X-Forwarded-Proto', ''],
  ['X-Forwarded-For', ''],
  ['X-Forwarded-For', 'unknown'],
  ['X-Forwarded-For', 'unknown, 203.0.113.9'],
  ['X-Forwarded-For', '203.0.113.9, unknown'],
  ['X-Forwarded-For', '203.0.113.9:443'],
  ['X-Forwarded-For', 'fe80::1%eth0'],
  ['X-Forwarded-For', '203.0.113.9,, 10.1.2.3'],
  ['X-Http-Method-Override', 'POST'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
];

const usualField = fc.constantFrom(...USUAL_FIELDS);
const oddField = fc.oneof(
  fc.constantFrom(...ODD_FIELDS),
  fc.tuple(
    fc.constantFrom('User-Agent', 'X-Request-Id', 'X-Anything', 'Accept'),
    fc.stringMatching(/^[!-~]{1,40}$/),
  ),
);

/** Returns the field with credentials: `Authorization` for those that begin with Bearer. */
export function credentialField(value: string): [name: string, value: string] {
  return [/^bearer/i.test(value) ? 'Authorization' : 'X-Auth-Token', value];
}

/** Requests with some of the credentials: usual ones and odd ones. */
export function requestsWith(credentials: Record<string, string>): fc.Arbitrary<GeneratedRequest> {
  const credential = (names: string[]) =>
    fc.constantFrom(...names).map((name) => credentialField(credentials[name] ?? ''));
  const anyName = Object.keys(credentials);
  const fieldsOf = (names: string[], odd: number) =>
    fc
      .tuple(
        fc.array(credential(names), { minLength: 1, maxLength: 1 + odd }),
        fc.array(usualField, { maxLength: 4 }),
        fc.array(oddField, { maxLength: 2 * odd }),
        fc.constantFrom('auth.example.com', 'auth.example.com:8443', '[::1]:3000'),
      )
      .chain(([own, usual, other, host]) =>
        fc
          .shuffledSubarray([...own, ...usual, ...other], {
            minLength: own.length + usual.length + other.length,
          })
          .map((fields): [string, string][] => [['Host', host], ...fields]),
      );
  const usual = fc.record({
    method: fc.constantFrom('GET', 'GET', 'HEAD'),
    target: fc.constantFrom(...USUAL_QUERIES).map((query) => `/auth/verify${query}`),
    fields: fieldsOf(PLAIN, 0),
  });
  const odd = fc.record({
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'OPTIONS'),
    target: fc.oneof(
      fc.constantFrom(...QUERIES).map((query) => `/auth/verify${query}`),
      fc.constantFrom(
        '/auth//verify',
        '/AUTH/VERIFY',
        '/auth/verif%79',
        'http://auth.example.com/auth/verify',
        '*',
      ),
    ),
    fields: fieldsOf(anyName, 1),
  });
  return fc.oneof({ weight: 2, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

/** Replaces the values that differ in each response. */
export const normalized = (response: string) => response.replaceAll(VARYING, '…');
