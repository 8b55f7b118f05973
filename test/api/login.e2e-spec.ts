import { describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const HOUR = 3_600_000;
const RFC3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const server = useServer({ environment: { LATCHKEY_SESSION_MAX_SECONDS: '7200' }, hasRealHashes: true });
const asAdmin = useAdmin(server);

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
      tokenPreview: `lk_…${body.token?.slice(-4)}`,
      version: 0,
      token: expect.stringMatching(/^lk_[0-9A-Za-z]{33}$/),
    });
  });

  it('issues a session that expires after the configured maximum', async () => {
    const { body } = await login();

    expect(Date.parse(body.expirationTime ?? '') - Date.parse(body.creationTime)).toBe(2 * HOUR);
    expect(body.idleExpirationTime).toBe(body.expirationTime);
  });

  it('never issues the same token twice', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => login()));

    expect(new Set(answers.map(({ body }) => body.token)).size).toBe(20);
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
    const wish = inHours(1).slice(0, 19);

    const { body } = await login({ body: { expirationTime: `${wish}-01:00` } });

    expect(body.expirationTime).toBe(new Date(`${wish}-01:00`).toISOString());
  });

  it('limits expirationTime to the maximum, with a warning', async () => {
    const { status, body } = await login({ body: { expirationTime: inHours(3) } });

    expect(status).toBe(200);
    expect(Date.parse(body.expirationTime ?? '') - Date.parse(body.creationTime)).toBe(2 * HOUR);
    expect(body.warnings).toEqual([expect.stringContaining(body.expirationTime ?? '-')]);
  });

  it.each([
    ['in the past', { expirationTime: '2018-07-29T11:59:29-05:00' }, '/expirationTime'],
    ['without a zone', { expirationTime: '2099-07-29T11:59:29' }, '/expirationTime'],
    ['that is not a date', { expirationTime: '2099-02-30T11:59:29Z' }, '/expirationTime'],
    ['that is null', { expirationTime: null }, '/expirationTime'],
    ['that is a number', { expirationTime: 4_000_000_000 }, '/expirationTime'],
  ])('returns 422 for an expirationTime %s', async (_, body, pointer) => {
    const { status, body: problem } = await login({ body: body as object });

    expect([status, problem.code]).toEqual([422, 'validation_failed']);
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it.each([['a'.repeat(201)], ['two\nlines'], [7], [['a']], [{ a: 1 }], [null]])(
    'returns 422 for the note %j',
    async (note) => {
      const { status, body } = await login({ body: { note } as object });

      expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/note']);
    },
  );

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

  it('writes an audit entry without the secret', async () => {
    const { body } = await login();

    const rows = await server.database.query<Record<string, unknown>>(
      `SELECT * FROM audit_events WHERE action = 'authn_login_success' ORDER BY sequence DESC LIMIT 1`,
    );

    expect(rows[0]).toMatchObject({ actorName: 'admin', subjectName: 'admin', outcome: 'success' });
    expect(JSON.stringify(rows)).toContain(body.id);
    expect(JSON.stringify(rows)).not.toContain(body.token);
  });
});

describe('POST /auth/login with Accept: text/plain', () => {
  it('returns exactly the value of X-Auth-Token', async () => {
    const { status, headers, text } = await login({ headers: { Accept: 'text/plain' } });

    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(Buffer.from(text, 'base64').toString()).toMatch(/^admin:lk_[0-9A-Za-z]{33}$/);
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
