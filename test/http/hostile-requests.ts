import { basic } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';

const END = '\r\n\r\n';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

/** Returns the bytes of a request, with its parts unchanged. */
export function request(line: string, fields: readonly string[] = [], body: string | Buffer = ''): Buffer {
  const length = Buffer.byteLength(body);
  const lengthField =
    length > 0 && !fields.some((field) => /^(content-length|transfer-encoding):/i.test(field))
      ? [`Content-Length: ${length}`]
      : [];
  const head =
    [line, 'Host: latchkey.test', 'Connection: close', ...lengthField, ...fields].join('\r\n') + END;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

const authorized =
  (line: string, fields: readonly string[] = [], body: string | Buffer = '') =>
  (token: string) =>
    request(line, [`X-Auth-Token: ${token}`, ...fields], body);

const login = (fields: readonly string[] = [], body: string | Buffer = '') =>
  request(
    'POST /auth/login HTTP/1.1',
    [`Authorization: ${basic(ADMIN.name, ADMIN.password)}`, 'Content-Type: application/json', ...fields],
    body,
  );

const loginAs = (authorization: string) =>
  request('POST /auth/login HTTP/1.1', [`Authorization: ${authorization}`]);

const newUser = (body: string | Buffer, fields: readonly string[] = ['Content-Type: application/json']) =>
  authorized('POST /users HTTP/1.1', fields, body);

/** Description of a hostile request, and its bytes or a function that adds a valid token. */
export type Hostile = [what: string, bytes: string | Buffer | ((token: string) => Buffer)];

const FRAMING: Hostile[] = [
  ['not HTTP', `hello${END}`],
  ['TLS', Buffer.from('16030100c8010000c403035f', 'hex')],
  ['HTTP/2', `PRI * HTTP/2.0${END}SM${END}`],
  ['HTTP/0.9', `GET /${END}`],
  ['HTTP/3.0', request('GET / HTTP/3.0')],
  ['no version', request('GET /')],
  ['no target', request('GET  HTTP/1.1')],
  ['an unknown method', request('HACK / HTTP/1.1')],
  ['a method in lower case', request('get / HTTP/1.1')],
  ['TRACE', request('TRACE /auth/login HTTP/1.1')],
  ['CONNECT', request('CONNECT latchkey.test:80 HTTP/1.1')],
  ['OPTIONS *', request('OPTIONS * HTTP/1.1')],
  ['NUL bytes', Buffer.alloc(200)],
  ['a NUL in the target', request('GET /me\0 HTTP/1.1')],
  ['a NUL in a field', request('GET /me HTTP/1.1', ['X-Request-Id: a\0b'])],
  ['a field without a colon', request('GET /me HTTP/1.1', ['nonsense'])],
  ['a field with a space before its colon', request('GET /me HTTP/1.1', ['X-Auth-Token : x'])],
  ['a folded field', request('GET /me HTTP/1.1', ['X-Request-Id: a', ' b'])],
  ['a bare line feed', 'GET /me HTTP/1.1\nHost: latchkey.test\nConnection: close\n\n'],
  ['a bare carriage return', 'GET /me HTTP/1.1\rHost: latchkey.test\r\r'],
  ['no Host', `GET /me HTTP/1.1\r\nConnection: close${END}`],
  ['two Hosts', request('GET /me HTTP/1.1', ['Host: elsewhere.test'])],
  ['fields of 20 KiB', request('GET /me HTTP/1.1', [`X-Long: ${'a'.repeat(20_480)}`])],
  [
    '2,000 fields',
    request(
      'GET /me HTTP/1.1',
      Array.from({ length: 2_000 }, (_, index) => `X-${index}: a`),
    ),
  ],
  ['a target of 9,000 characters', request(`GET /${'a'.repeat(9_000)} HTTP/1.1`)],
  ['two lengths', login(['Content-Length: 2', 'Content-Length: 3'], '{}')],
  ['a negative length', login(['Content-Length: -1'], '{}')],
  ['a length that is not a number', login(['Content-Length: two'], '{}')],
  ['an endless length', login(['Content-Length: 99999999999999999999'], '{}')],
  ['length and chunks', login(['Content-Length: 2', 'Transfer-Encoding: chunked'], `0${END}`)],
  ['a chunk size that is not a number', login(['Transfer-Encoding: chunked'], `zz\r\n{}\r\n0${END}`)],
  ['a chunk longer than its size', login(['Transfer-Encoding: chunked'], `1\r\n{}\r\n0${END}`)],
  ['an unknown transfer coding', login(['Transfer-Encoding: rot13'], '{}')],
  ['chunked not last', login(['Transfer-Encoding: chunked, identity'], `0${END}`)],
  ['an upgrade', request('GET /me HTTP/1.1', ['Connection: Upgrade', 'Upgrade: websocket'])],
  ['an expectation', login(['Expect: 200-maybe'], '{}')],
];

/** Targets that do not exist, or that attempt path traversal or injection. */
export const TARGETS = [
  '/%',
  '/%zz',
  '/%00',
  '/%c0%af',
  '/%ff%fe',
  '/..%2f..%2fetc/passwd',
  '/admin/../../../../etc/passwd',
  '/admin/%2e%2e/%2e%2e/package.json',
  '/admin/..%5c..%5cpackage.json',
  '/docs/..%2f..%2fpackage.json',
  '/docs/%2e%2e/%2e%2e/main.js',
  '//evil.test/me',
  '/\\evil.test',
  '/me;token=x',
  '/tokens/%00',
  '/tokens/%ed%a0%80',
  "/tokens/'%20OR%201=1--",
  `/tokens/${'a'.repeat(500)}`,
  '/tokens/__proto__',
  '/users?page=-1',
  '/users?page=1e9',
  '/users?page=99999999999999999999',
  '/users?size=0',
  '/users?page=1&page=2',
  '/users?page[]=1',
  '/users?__proto__=1',
  '/users?constructor=1',
  '/users?q[$ne]=1',
  '/users?q=%00',
  '/users?q=%ed%a0%80',
  '/users?q=%27%3BDROP%20TABLE%20users--',
  '/users?q=%25%25%5c',
  '/users?sort=name;DROP',
  '/users?sort=passwordHash',
  '/users?sort=name,name,name,name',
  '/users?role=%27',
  '/users?inactiveDays=NaN',
  '/users?%',
  `/users?q=${'a'.repeat(7_000)}`,
];

const CREDENTIALS: Hostile[] = [
  ['Basic without credentials', loginAs('Basic')],
  ['Basic with invalid base64', loginAs('Basic !!!!')],
  ['Basic without a colon', loginAs(`Basic ${base64('admin')}`)],
  ['Basic with invalid UTF-8', loginAs(`Basic ${base64(Buffer.from([0x61, 0x3a, 0xff, 0xfe]))}`)],
  ['Basic with NUL', loginAs(basic('admin', 'x\0y'))],
  [
    'Basic with an unpaired surrogate',
    loginAs(`Basic ${base64(Buffer.from([0x61, 0x3a, 0xed, 0xa0, 0x80]))}`),
  ],
  ['an empty name', loginAs(basic('', 'x'))],
  ['SQL as a name', loginAs(basic("admin'--", 'x'))],
  ['__proto__ as a name', loginAs(basic('__proto__', 'x'))],
  ['a name of 10,000 letters', loginAs(basic('a'.repeat(10_000), 'x'))],
  ['a password of 10,000 letters', loginAs(basic('admin', 'x'.repeat(10_000)))],
  [
    'two Authorization fields',
    request('POST /auth/login HTTP/1.1', ['Authorization: Basic a', 'Authorization: Basic b']),
  ],
  ['two X-Auth-Token fields', authorized('GET /me HTTP/1.1', ['X-Auth-Token: YTpi'])],
  ['bytes beyond ASCII in X-Auth-Token', request('GET /me HTTP/1.1', ['X-Auth-Token: \xff\xfe'])],
  [
    'a malformed cookie',
    request('GET /auth/session HTTP/1.1', ['Sec-Fetch-Site: same-origin', 'Cookie: ;;=;']),
  ],
  [
    'a cookie with a broken escape',
    request('GET /auth/session HTTP/1.1', ['Sec-Fetch-Site: same-origin', 'Cookie: __Host-latchkey=%']),
  ],
  [
    'forged proxies',
    authorized('GET /me HTTP/1.1', ['X-Forwarded-For: \xff, ::::, 999.1.1.1', 'X-Forwarded-Proto: ftp']),
  ],
  ['a User-Agent with bytes beyond ASCII', login([`User-Agent: ${'\xff\x80\t'.repeat(100)}`])],
];

const BODIES: Hostile[] = [
  ['invalid JSON', newUser('{"name":')],
  ['JSON followed by text', newUser('{"name":"a"} x')],
  ['JSON with a BOM', newUser('\uFEFF{"name":"a"}')],
  ['invalid UTF-8', newUser(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
  ['a list', newUser('[]')],
  ['null', newUser('null')],
  ['a string', newUser('"name"')],
  ['nesting of 5,000 levels', newUser('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000))],
  ['a list of 50,000 lists', newUser(`{"roles":${'['.repeat(50_000)}`)],
  ['__proto__', newUser('{"name":"a","__proto__":{"enabled":false}}')],
  ['constructor', newUser('{"name":"a","constructor":{"prototype":{"x":1}}}')],
  ['unknown members', newUser('{"name":"a","id":"1","passwordHash":"x","version":7,"isAdmin":true}')],
  ['an object as a name', newUser('{"name":{"$ne":null}}')],
  ['a list as a name', newUser('{"name":["a","b"]}')],
  ['a number as a name', newUser('{"name":1e308}')],
  ['null as a name', newUser('{"name":null}')],
  ['NUL in a name', newUser('{"name":"a\\u0000b"}')],
  ['NUL in a display name', newUser('{"name":"a","displayName":"a\\u0000b"}')],
  ['an unpaired surrogate', newUser('{"name":"a","displayName":"\\ud800"}')],
  ['a colon in a name', newUser('{"name":"a:b"}')],
  ['an unknown role', newUser('{"name":"a","roles":["\'; DROP TABLE users; --"]}')],
  ['roles as an object', newUser('{"name":"a","roles":{"length":1e9,"0":"admin"}}')],
  [
    'ten thousand roles',
    newUser(JSON.stringify({ name: 'a', roles: Array.from({ length: 10_000 }, () => 'user') })),
  ],
  ['a body of 200 KiB', newUser(JSON.stringify({ name: 'a'.repeat(200_000) }))],
  ['a Content-Length of 1 GiB', login(['Content-Length: 1073741824'], '{}')],
  ['a form', newUser('name=a', ['Content-Type: application/x-www-form-urlencoded'])],
  ['a multipart', newUser('--x\r\n', ['Content-Type: multipart/form-data; boundary=x'])],
  ['a media type with a tab', newUser('{"name":"a"}', ['Content-Type: application/json\t; a=b'])],
  ['no media type', newUser('{"name":"a"}', [])],
  ['an invalid media type', newUser('{"name":"a"}', ['Content-Type: ///;;;==='])],
  ['another charset', newUser('{"name":"a"}', ['Content-Type: application/json; charset=utf-16'])],
  ['compressed', newUser('{"name":"a"}', ['Content-Type: application/json', 'Content-Encoding: gzip'])],
  ['an invalid expirationTime', login([], '{"expirationTime":"275760-09-13T00:00:00.001Z"}')],
  ['a number as a note', login([], '{"note":1000000}')],
  ['an invalid Accept', authorized('GET /me HTTP/1.1', [`Accept: ${'*/*;q=2,;;,,'.repeat(100)}`])],
  ['an Accept with NaN', authorized('GET /me HTTP/1.1', ['Accept: application/json;q=NaN, /;q='])],
  ['a range', authorized('GET /me HTTP/1.1', ['Range: bytes=0-0,5-,-1', 'If-None-Match: "', 'If-Match: W/'])],
  [
    'SQL as a set-up secret',
    request(
      'POST /auth/set-up HTTP/1.1',
      ['Content-Type: application/json'],
      `{"secret":"' OR 1=1 --","password":"a long enough password"}`,
    ),
  ],
];

const ADDRESSES = TARGETS.map((target): Hostile => [
  `the target ${target.slice(0, 40)}`,
  authorized(`GET ${target} HTTP/1.1`),
]);

/** Malformed and malicious requests. */
export const HOSTILE = [...FRAMING, ...ADDRESSES, ...CREDENTIALS, ...BODIES];
