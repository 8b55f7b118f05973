import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { Passwords } from '../../apps/api/src/platform/crypto/passwords.js';
import { basic, type Headers } from '../support/api-client.js';
import { sendLines, type RawAnswer } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let token: string;

beforeAll(async () => {
  const { body } = await server.client.login(ADMIN.name, ADMIN.password);
  token = body.token ?? '';
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Counts the password hashes that are computed from now on. */
const watchHashes = () => jest.spyOn(server.app.get(Passwords, { strict: false }), 'verify');

const encode = (text: string | Buffer) => Buffer.from(text).toString('base64');
const login = (...lines: string[]) =>
  sendLines(server.client.baseUrl, ['POST /auth/login HTTP/1.1', ...lines]);
const codeOf = ({ body }: RawAnswer) => (JSON.parse(body) as ProblemDto).code;
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

/** The recorded failures of known and unknown names. */
const tries = () =>
  server.database.query(
    `SELECT "unknownNameFailures", (SELECT COUNT(*) FROM audit_events WHERE action = 'authn_login_fail') AS "known"
       FROM audit_chain`,
  );

// Requirement B18.
describe('POST /auth/login with malformed credentials', () => {
  it.each<[string, () => string[]]>([
    ['no credentials', () => []],
    ['an empty header', () => ['Authorization: ']],
    ['a scheme without credentials', () => ['Authorization: Basic']],
    ['another scheme', () => [`Authorization: Digest ${encode('admin:x')}`]],
    ['a token as Bearer', () => [`Authorization: Bearer ${token}`]],
    ['a token in X-Auth-Token', () => [`X-Auth-Token: ${encode(`admin:${token}`)}`]],
    ['a token as the password', () => [`Authorization: ${basic('admin', token)}`]],
    ['the password in another header', () => [`X-Auth-Token: ${encode(`admin:${ADMIN.password}`)}`]],
    ['a letter outside base64', () => [`Authorization: ${basic('admin', ADMIN.password)}!`]],
    ['text after the base64', () => [`Authorization: ${basic('admin', ADMIN.password)} x`]],
    ['padding in the middle', () => [`Authorization: Basic ${encode('adm')}=${encode('in:x')}`]],
    ['too much padding', () => [`Authorization: Basic ${encode('admin:x').replace(/=*$/, '===')}`]],
    ['a lone base64 digit', () => ['Authorization: Basic A']],
    ['no colon', () => [`Authorization: Basic ${encode('admin')}`]],
    ['an empty name', () => [`Authorization: ${basic('', ADMIN.password)}`]],
    ['an empty password', () => [`Authorization: ${basic('admin', '')}`]],
    ['an invalid name', () => [`Authorization: ${basic('a b', ADMIN.password)}`]],
    ['invalid UTF-8 in the name', () => [`Authorization: Basic ${encode(bytes('adm', [0xff], 'in:x'))}`]],
    ['Latin-1', () => [`Authorization: Basic ${encode(Buffer.from(`admin:${ADMIN.password}`, 'latin1'))}`]],
    ['an overlong NUL', () => [`Authorization: Basic ${encode(bytes('admin:x', [0xc0, 0x80]))}`]],
    ['a surrogate in UTF-8', () => [`Authorization: Basic ${encode(bytes('admin:', [0xed, 0xa0, 0x80]))}`]],
    ['a NUL after the password', () => [`Authorization: ${basic('admin', `${ADMIN.password}\0`)}`]],
    ['a NUL in the name', () => [`Authorization: ${basic('admin\0', ADMIN.password)}`]],
    ['a line break after the password', () => [`Authorization: ${basic('admin', `${ADMIN.password}\n`)}`]],
    ['a C1 control character', () => [`Authorization: ${basic('admin', `${ADMIN.password}\u0085`)}`]],
  ])('returns 401 after at most one hash for %s', async (_, lines) => {
    const hashes = watchHashes();

    const answer = await login(...lines());

    expect(hashes.mock.calls.length).toBeLessThanOrEqual(1);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="latchkey", charset="UTF-8"');
  });

  it.each<[string, Buffer]>([
    ['a NUL after the password', bytes(`admin:${ADMIN.password}\0`)],
    ['invalid UTF-8 in the name', bytes('adm', [0xff], 'in:x')],
    ['no colon', bytes('admin')],
    ['an empty name', bytes(':x')],
    ['Latin-1', Buffer.from(`admin:${ADMIN.password}`, 'latin1')],
    ['an overlong NUL', bytes('admin:x', [0xc0, 0x80])],
    ['a surrogate in UTF-8', bytes('admin:', [0xed, 0xa0, 0x80])],
    ['a C1 control character', bytes(`admin:${ADMIN.password}\u0085`)],
    ['a password of 1,025 bytes', bytes(`admin:${'x'.repeat(1_025)}`)],
  ])('returns 401 without a database read or a hash for %s', async (_, credentials) => {
    const before = await tries();
    const hashes = watchHashes();

    const { headers } = await login(`Authorization: Basic ${encode(credentials)}`);

    expect(hashes).not.toHaveBeenCalled();
    expect(headers.ratelimit).toMatch(/^"address";r=\d+;t=\d+$/);
    expect(await tries()).toEqual(before);
  });

  it('returns 400 for two credentials', async () => {
    const header = `Authorization: ${basic('admin', ADMIN.password)}`;

    for (const second of [header, `Authorization: ${basic('admin', 'another')}`, 'Authorization: Bearer x']) {
      const answer = await login(header, second);

      expect([answer.status, codeOf(answer)]).toEqual([400, 'ambiguous_credentials']);
    }
  });

  it('returns 200 for any case of the scheme, several spaces and base64 without padding', async () => {
    const credentials = basic('admin', ADMIN.password).slice('Basic '.length).replace(/=+$/, '');

    expect((await login(`Authorization: bAsIc   ${credentials}`)).status).toBe(200);
  });
});

describe('a credential in the URL', () => {
  it.each<[string, () => string]>([
    ['token', () => 'token=x'],
    ['access_token', () => 'access_token='],
    ['auth_token', () => 'page=1&auth_token=x'],
    ['x-auth-token', () => 'x-auth-token=x'],
    ['X-Auth-Token', () => 'X-Auth-Token=x'],
    ['Token, percent-encoded', () => '%54oken=x'],
    ['a value beginning with lk_', () => 'q=lk_'],
    ['a whole token under any name', () => `anything=${token}`],
    ['a value beginning with lk_, percent-encoded', () => 'q=%6ck%5F1'],
  ])('returns 400 before authentication for %s', async (_, query) => {
    const path = `/users?${query()}`;
    const asAdmin: Headers = { Authorization: `Bearer ${token}` };

    for (const headers of [{}, asAdmin]) {
      const { status, body, text } = await server.client.request<ProblemDto>('GET', path, { headers });

      expect([status, body.code]).toEqual([400, 'credentials_in_url']);
      expect(text).not.toContain(token);
    }
  });

  it('returns 400 at log-in and on public routes', async () => {
    const headers = { Authorization: basic('admin', ADMIN.password) };

    expect((await server.client.request('POST', '/auth/login?token=x', { headers })).status).toBe(400);
    expect((await server.client.request('POST', '/auth/set-up?token=x')).status).toBe(400);
  });

  it('does not authenticate GET /auth/verify', async () => {
    const { status } = await server.client.request('GET', `/auth/verify?token=${token}`);

    expect(status).toBe(401);
  });
});
