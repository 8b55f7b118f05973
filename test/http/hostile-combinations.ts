import { CHANGES } from '../routes.js';
import { ADMIN } from '../support/factories.js';
import { request, TARGETS, type Hostile } from './hostile-requests.js';

const METHODS = ['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH'];

/** Routes that change something. Their resources do not exist, except the user of the last route. */
const CHANGE_ROUTES = [
  ...[...CHANGES.keys()].map((route) => route.replace(/\{\w+\}/, 'none')),
  `PATCH /users/${ADMIN.name}`,
];

const INVALID_JSON: [what: string, body: string | Buffer][] = [
  ['half an object', '{"name":'],
  ['text after it', '{} x'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a list', '[1]'],
  ['null', 'null'],
  ['a number', '1e400'],
  ['5,000 levels', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
  ['__proto__', '{"__proto__":{"roles":["admin"]}}'],
  ['NUL and an unpaired surrogate', '{"note":"a\\u0000b\\ud800","name":"\\ud800"}'],
  [
    'objects for strings',
    '{"note":{"$ne":null},"name":{"$gt":""},"password":{},"secret":[],"ids":{"length":9}}',
  ],
  ['SQL', `{"action":"revoke'; DROP TABLE tokens; --","ids":["' OR 1=1 --"],"note":"'; --"}`],
];

/** Routes with different guards. */
const ROUTES = [
  'GET /me',
  'GET /auth/verify',
  'GET /auth/session',
  'POST /auth/login',
  'POST /auth/introspect',
  'POST /auth/revoke',
];

const BROKEN_FIELDS = [
  'Authorization: Basic !!!!',
  'Authorization: Basic YTpi\xff',
  'Authorization: Basic OnBhc3N3b3Jk',
  'Authorization: Bearer latchkey_\xe9\xff',
  `Authorization: Bearer latchkey_${'a'.repeat(8_000)}`,
  'Authorization: Bearer null',
  'Authorization: Digest username="admin", nonce="\\"',
  'X-Auth-Token: ',
  'X-Auth-Token: {"$ne":null}',
  `X-Auth-Token: ${Buffer.from("admin'--:latchkey_x").toString('base64')}`,
  `X-Auth-Token: ${Buffer.from([0x61, 0x3a, 0xed, 0xa0, 0x80]).toString('base64')}`,
  'Cookie: __Host-latchkey=%00; __Host-latchkey=a',
  'Accept: ,;q=;;',
  'If-Match: "\xff',
];

const combine = <First, Second>(
  first: readonly First[],
  second: readonly Second[],
  toRequest: (one: First, other: Second) => Hostile,
): Hostile[] => first.flatMap((one) => second.map((other) => toRequest(one, other)));

/** Groups of requests that combine each kind of error with each place: more than a thousand requests. */
export const COMBINATIONS: [group: string, requests: Hostile[]][] = [
  [
    'targets with other methods',
    combine(METHODS, TARGETS, (method, target) => [
      `${method} ${target.slice(0, 40)}`,
      (token) => request(`${method} ${target} HTTP/1.1`, [`X-Auth-Token: ${token}`]),
    ]),
  ],
  [
    'invalid bodies',
    combine(CHANGE_ROUTES, INVALID_JSON, (route, [what, body]) => [
      `${route} with ${what}`,
      (token) =>
        request(
          `${route} HTTP/1.1`,
          [`X-Auth-Token: ${token}`, 'Content-Type: application/json', 'If-Match: *'],
          body,
        ),
    ]),
  ],
  [
    'broken header fields',
    combine(ROUTES, BROKEN_FIELDS, (route, field) => [
      `${route} with ${field.slice(0, 60)}`,
      request(`${route} HTTP/1.1`, [field, 'Sec-Fetch-Site: same-origin']),
    ]),
  ],
];
