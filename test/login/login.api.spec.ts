import { createHash } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { Passwords } from '../../apps/api/src/platform/crypto/passwords.service.js';
import { type ApiResponse, basic, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { type RawResponse, sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ environment: { LATCHKEY_SESSION_MAX_SECONDS: '7200' }, hasRealHashes: true });
const asAdmin = useAdmin(server);

describe('responses of POST /auth/login', () => {
  const HOUR = 3_600_000;
  const RFC3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

  const login = (options?: Parameters<typeof server.client.login>[2]) =>
    server.client.login(ADMIN.name, ADMIN.password, options);
  const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

  describe('POST /auth/login', () => {
    it('returns 200 with exactly the documented members, none of them null', async () => {
      const { status, headers, body } = await login({ headers: { 'User-Agent': 'curl/8' } });

      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(body).toEqual({
        id: expect.stringMatching(/./),
        user: 'admin',
        kind: 'session',
        note: 'curl/8',
        enabled: true,
        state: 'expiring',
        creationTime: expect.stringMatching(RFC3339_UTC),
        expirationTime: expect.stringMatching(RFC3339_UTC),
        idleExpirationTime: expect.stringMatching(RFC3339_UTC),
        tokenPreview: `latchkey_…${body.token?.slice(-4)}`,
        version: 0,
        token: expect.stringMatching(/^latchkey_[0-9A-Za-z]{33}$/),
      });
    });

    it('issues a session that expires after the configured maximum', async () => {
      const { body } = await login();

      expect(Date.parse(body.expirationTime ?? '') - Date.parse(body.creationTime)).toBe(2 * HOUR);
      expect(body.idleExpirationTime).toBe(body.expirationTime);
    });

    it('never issues the same token twice', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => login()));

      // A busy machine rejects some of the logins.
      const tokens = answers.flatMap(({ status, body }) => (status === 200 ? [body.token] : []));
      expect(tokens.length).toBeGreaterThan(1);
      expect(new Set(tokens).size).toBe(tokens.length);
    });

    it('truncates the user agent to 200 characters for the note', async () => {
      const { body } = await login({ headers: { 'User-Agent': 'a'.repeat(199) + 'bcd' } });

      expect(body.note).toBe('a'.repeat(199) + 'b');
    });

    it('accepts note and expirationTime in the body', async () => {
      const expirationTime = inHours(1);

      const { body } = await login({ body: { note: 'for the backup', expirationTime } });

      expect(body).toMatchObject({ note: 'for the backup', expirationTime });
      expect(body).not.toHaveProperty('warnings');
    });

    it('accepts an expirationTime in another time zone', async () => {
      const dto = inHours(1).slice(0, 19);

      const { body } = await login({ body: { expirationTime: `${dto}-01:00` } });

      expect(body.expirationTime).toBe(new Date(`${dto}-01:00`).toISOString());
    });

    it('limits expirationTime to the maximum, with a warning', async () => {
      const { status, body } = await login({ body: { expirationTime: inHours(3) } });

      expect(status).toBe(200);
      expect(Date.parse(body.expirationTime ?? '') - Date.parse(body.creationTime)).toBe(2 * HOUR);
      expect(body.warnings).toEqual([expect.stringContaining(body.expirationTime ?? '-')]);
    });

    it('issues no token when the body is rejected', async () => {
      const user = newUser();
      await server.client.createUser(user, asAdmin);

      await server.client.login(user.name, PASSWORD, { body: { expirationTime: '2018-07-29T11:59:29Z' } });

      const { body } = await server.client.users(asAdmin, `?q=${user.name}`);
      expect(body.items[0]).not.toHaveProperty('lastLoginTime');
      expect(body.items[0]?.tokenCount).toBe(0);
    });

    it('returns 401, not 422, for a wrong body when the password is wrong', async () => {
      const { status } = await server.client.login(ADMIN.name, 'a wrong password', {
        body: { note: 7 } as object,
      });

      expect(status).toBe(401);
    });

    it('sets lastLoginTime to the creation time of the token', async () => {
      const { body: token } = await login();

      const { body: me } = await server.client.me(tokenHeader(token));

      expect(me.lastLoginTime).toBe(token.creationTime);
    });
  });

  describe('POST /auth/login with Accept: text/plain', () => {
    it('returns exactly the value of X-Auth-Token', async () => {
      const { status, headers, text } = await login({ headers: { Accept: 'text/plain' } });

      expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(Buffer.from(text, 'base64').toString()).toMatch(/^admin:latchkey_[0-9A-Za-z]{33}$/);
      expect((await server.client.me({ 'X-Auth-Token': text })).body.name).toBe('admin');
    });

    it('returns a problem in JSON when the password is wrong', async () => {
      const { headers, body } = await server.client.login(ADMIN.name, 'a wrong password', {
        headers: { Accept: 'text/plain' },
      });

      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(body.code).toBe('unauthenticated');
    });
  });
});

describe('names and passwords', () => {
  const make = async (name: string, password: string) => {
    const { status, body } = await server.client.createUser({ name, password }, asAdmin);
    expect(status).toBe(201);
    return body;
  };

  /** Returns pseudorandom characters that the password policy accepts, from a given code point upwards. */
  const text = (length: number, from = 0x61): string => {
    const numbers = [...createHash('shake256', { outputLength: length }).update('a password').digest()];
    return numbers.map((number) => String.fromCodePoint(from + (number % 25))).join('');
  };

  // Covers B5 in docs/explanation/security.md.
  describe('POST /auth/login and spellings of a name', () => {
    it.each([
      ['as it is', 'admin'],
      ['in upper case', 'ADMIN'],
      ['in mixed case', 'aDmIn'],
      ['in full width', 'ａｄｍｉｎ'],
      ['in full-width upper case', 'ＡＤＭＩＮ'],
    ])('finds the same account %s', async (_, name) => {
      const { status, body } = await server.client.login(name, ADMIN.password);

      expect([status, body.user]).toEqual([200, 'admin']);
    });

    it.each([
      ['composed', 'jürgen'.normalize('NFC')],
      ['decomposed', 'jürgen'.normalize('NFD')],
      ['decomposed upper case', 'JÜRGEN'.normalize('NFD')],
    ])('finds the same account with an umlaut %s', async (spelling, name) => {
      await server.client.createUser({ name: 'Jürgen', password: PASSWORD }, asAdmin);

      const { status, body } = await server.client.login(name, PASSWORD);

      expect([spelling, status, body.user]).toEqual([spelling, 200, 'jürgen'.normalize('NFC')]);
    });

    it.each(['暗号', 'ä', 'анна', 'anne.o+tag@example.org'])('accepts the name %s', async (name) => {
      await make(name, PASSWORD);

      const { body } = await server.client.login(name, PASSWORD);

      expect(body.user).toBe(name);
      expect((await server.client.me(tokenHeader(body))).body.name).toBe(name);
    });

    it('returns a plain-text token that works for a name beyond ASCII', async () => {
      await make('пётр', PASSWORD);

      const { text } = await server.client.login('ПЁТР', PASSWORD, { headers: { Accept: 'text/plain' } });

      expect((await server.client.me({ 'X-Auth-Token': text })).body.name).toBe('пётр');
    });

    it('returns a token that works with its name in another spelling', async () => {
      const { body } = await server.client.login('admin', ADMIN.password);

      expect((await server.client.me(tokenHeader({ user: 'ＡＤＭＩＮ', token: body.token }))).status).toBe(
        200,
      );
    });
  });

  // Covers B3 in docs/explanation/security.md.
  describe('POST /auth/login and passwords', () => {
    it.each([
      ['a colon', 'colon:in:the:middle'],
      ['spaces at both ends', '  spaces at both ends  '],
      ['an umlaut, ideographs and a colon', 'bättery: 暗号 staple'],
      ['a letter outside the basic plane', 'correct horse 🐎 staple'],
      ['100 characters', 'x'.repeat(99) + 'y'],
    ])('accepts a password with %s', async (_, password) => {
      const user = newUser({ password });
      await make(user.name, password);

      expect((await server.client.login(user.name, password)).status).toBe(200);
      expect((await server.client.login(user.name, `${password}.`)).status).toBe(401);
      expect((await server.client.login(user.name, password.slice(0, -1))).status).toBe(401);
    });

    it.each([
      ['NFC', 'NFD'],
      ['NFD', 'NFC'],
    ] as const)('accepts a password set in %s and sent in %s', async (set, given) => {
      const user = newUser();
      await make(user.name, 'ünpässlich wörter'.normalize(set));

      expect((await server.client.login(user.name, 'ünpässlich wörter'.normalize(given))).status).toBe(200);
    });

    it.each([
      ['trimmed', 'A Padded Password'],
      ['in lower case', ' a padded password '],
    ])('returns 401 for a password that is only right when %s', async (_, given) => {
      const user = newUser();
      await make(user.name, ' A Padded Password ');

      expect((await server.client.login(user.name, given)).status).toBe(401);
    });

    it.each([
      ['byte 73', 72, text(100)],
      ['byte 73, in letters of two bytes', 36, text(40, 0x400)],
      ['character 200', 199, text(256)],
      ['the last of 256 characters of four bytes', 255, text(256, 0x1f300)],
    ])('detects a difference at %s', async (_, at, password) => {
      const user = newUser();
      await make(user.name, password);
      const characters = [...password];
      const other = [...characters.slice(0, at), 'z', ...characters.slice(at + 1)].join('');

      expect((await server.client.login(user.name, password)).status).toBe(200);
      expect((await server.client.login(user.name, other)).status).toBe(401);
    });

    it('returns the same 401 for more than 1,024 bytes as for a wrong password, whether or not the user exists', async () => {
      const long = 'ä'.repeat(513);

      const [wrong, known, unknown] = await Promise.all([
        server.client.login(ADMIN.name, 'a wrong password'),
        server.client.login(ADMIN.name, long),
        server.client.login('nobody', long),
      ]);

      const problemOf = ({ status, body: { traceId: _, ...problem } }: typeof wrong) => ({ status, problem });
      expect(problemOf(known)).toEqual(problemOf(wrong));
      expect(problemOf(unknown)).toEqual(problemOf(wrong));
      expect([...known.headers.keys()].sort()).toEqual([...unknown.headers.keys()].sort());
    });

    it('returns 401 for a password that is right up to a NUL', async () => {
      const headers = { Authorization: basic(ADMIN.name, `${ADMIN.password}\0`) };

      expect((await server.client.request('POST', '/auth/login', { headers })).status).toBe(401);
    });
  });

  // Covers B1 in docs/explanation/security.md.
  describe('the stored password hash', () => {
    it('is argon2id, salted, at the documented cost', async () => {
      await make(newUser().name, PASSWORD);
      await make(newUser().name, PASSWORD);

      const rows = await server.database.query<{ passwordHash: string }>(
        'SELECT "passwordHash" FROM users WHERE "passwordHash" IS NOT NULL',
      );

      const hashes = rows.map(({ passwordHash }) => passwordHash);
      // 22 digits of base64 are 16 bytes of salt.
      const form = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/;
      expect(hashes.filter((hash) => !form.test(hash))).toEqual([]);
      expect(new Set(hashes).size).toBe(hashes.length);
    });
  });
});

// Covers B18 in docs/explanation/security.md.
describe('POST /auth/login with malformed credentials', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Counts the password hashes from this call on. */
  const watchHashes = () => jest.spyOn(server.app.get(Passwords, { strict: false }), 'verify');

  const encode = (text: string | Buffer) => Buffer.from(text).toString('base64');
  const login = (...lines: string[]) =>
    sendLines(server.client.baseUrl, ['POST /auth/login HTTP/1.1', ...lines]);
  const codeOf = ({ body }: RawResponse) => (JSON.parse(body) as ProblemDto).code;
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as string)));

  /** Recorded failures of known and unknown names. */
  const tries = () =>
    server.database.query(
      `SELECT "unknownNameFailures", (SELECT COUNT(*) FROM audit_events WHERE action = 'authn_login_fail') AS "known"
       FROM audit_chain`,
    );

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

describe('rejected logins', () => {
  const disabled = newUser({ enabled: false });
  const passwordless = newUser({ password: undefined });
  const service = newUser({ kind: 'service', password: undefined });

  beforeAll(async () => {
    for (const user of [disabled, passwordless, service]) {
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    }
  });

  /** Parts of a response that a client can compare. */
  function appearance({ status, headers, body }: ApiResponse<ProblemDto>) {
    const { traceId: _, ...problem } = body;
    return {
      status,
      problem,
      headers: [...headers.keys()].sort(),
      challenge: headers.get('www-authenticate'),
      policy: headers.get('ratelimit-policy'),
      length: headers.get('content-length'),
    };
  }

  // Covers B24 in docs/explanation/security.md.
  describe('POST /auth/login', () => {
    it.each([
      ['an unknown user', 'nobody', PASSWORD],
      ['an invalid name', 'no body', PASSWORD],
      ['a disabled user with the right password', disabled.name, PASSWORD],
      ['a disabled user with a wrong password', disabled.name, 'a wrong password'],
      ['a user without a password', passwordless.name, PASSWORD],
      ['a service', service.name, PASSWORD],
    ])('returns the same response for %s as for a wrong password', async (_, name, password) => {
      const wrong = await server.client.login(ADMIN.name, 'a wrong password');

      const answer = await server.client.login(name, password);

      expect(appearance(answer)).toEqual(appearance(wrong));
    });

    it('counts the right password of a disabled user as a failure', async () => {
      const user = newUser({ enabled: false });
      await server.client.createUser(user, asAdmin);

      const first = await server.client.login(user.name, PASSWORD);
      const second = await server.client.login(user.name, PASSWORD);

      expect(
        [first, second].map(({ headers }) => /"account";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]),
      ).toEqual(['999', '998']);
      const rows = await server.database.query(
        `SELECT id FROM audit_events WHERE action = 'authn_login_fail' AND "subjectName" = '${user.name}'`,
      );
      expect(rows).toHaveLength(2);
    });
  });
});
