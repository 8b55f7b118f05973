import { request, TARGETS, type Hostile } from './hostile-requests.js';

const METHODS = ['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH'];

/** Every route that reads JSON. */
const JSON_ROUTES = [
  'POST /auth/set-up',
  'PATCH /me',
  'PUT /me/password',
  'POST /me/tokens',
  'POST /users/bulk',
  'PATCH /users/admin',
  'PUT /users/nobody/password',
  'POST /users/nobody/tokens',
  'POST /tokens/bulk',
  'PATCH /tokens/none',
  'POST /tokens/none/rotate',
  'POST /roles',
  'PATCH /roles/none',
];

const NO_JSON: [what: string, body: string | Buffer][] = [
  ['half an object', '{"name":'],
  ['something behind it', '{} x'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a list', '[1]'],
  ['null', 'null'],
  ['a number', '1e400'],
  ['5,000 levels', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
  ['__proto__', '{"__proto__":{"roles":["admin"]}}'],
  ['NUL and half a surrogate pair', '{"note":"a\\u0000b\\ud800","name":"\\ud800"}'],
  [
    'objects for texts',
    '{"note":{"$ne":null},"name":{"$gt":""},"password":{},"secret":[],"ids":{"length":9}}',
  ],
  ['SQL', `{"action":"revoke'; DROP TABLE tokens; --","ids":["' OR 1=1 --"],"note":"'; --"}`],
];

/** Routes of different guards. */
const ROUTES = [
  'GET /me',
  'GET /auth/verify',
  'GET /auth/session',
  'POST /auth/login',
  'POST /auth/introspect',
];

const BROKEN_FIELDS = [
  'Authorization: Basic !!!!',
  'Authorization: Basic YTpi\xff',
  'Authorization: Basic OnBhc3N3b3Jk',
  'Authorization: Bearer lk_\xe9\xff',
  `Authorization: Bearer lk_${'a'.repeat(8_000)}`,
  'Authorization: Bearer null',
  'Authorization: Digest username="admin", nonce="\\"',
  'X-Auth-Token: ',
  'X-Auth-Token: {"$ne":null}',
  `X-Auth-Token: ${Buffer.from("admin'--:lk_x").toString('base64')}`,
  `X-Auth-Token: ${Buffer.from([0x61, 0x3a, 0xed, 0xa0, 0x80]).toString('base64')}`,
  'Cookie: __Host-latchkey=%00; __Host-latchkey=a',
  'Accept: ,;q=;;',
  'If-Match: "\xff',
];

const crossed = <First, Second>(
  first: readonly First[],
  second: readonly Second[],
  cross: (one: First, other: Second) => Hostile,
): Hostile[] => first.flatMap((one) => second.map((other) => cross(one, other)));

/** Families of requests that are made of what is wrong and where: hundreds of them. */
export const CROSSINGS: [family: string, requests: Hostile[]][] = [
  [
    'addresses by other methods',
    crossed(METHODS, TARGETS, (method, target) => [
      `${method} ${target.slice(0, 40)}`,
      (token) => request(`${method} ${target} HTTP/1.1`, [`X-Auth-Token: ${token}`]),
    ]),
  ],
  [
    'bodies that are none',
    crossed(JSON_ROUTES, NO_JSON, (route, [what, body]) => [
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
    crossed(ROUTES, BROKEN_FIELDS, (route, field) => [
      `${route} with ${field.slice(0, 60)}`,
      request(`${route} HTTP/1.1`, [field, 'Sec-Fetch-Site: same-origin']),
    ]),
  ],
];
