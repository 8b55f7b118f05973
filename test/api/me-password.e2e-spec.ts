import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ChangePasswordDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.js';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const LIMIT = 4;
const OTHER = 'another long enough password';
const WRONG = 'a password that is wrong';

const server = useServer({
  environment: { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(LIMIT) },
  hasRealHashes: true,
});
const asAdmin = useAdmin(server);

let name: string;
let asUser: Headers;

beforeEach(async () => {
  ({ name } = newUser());
  await server.client.createUser({ name, password: PASSWORD }, asAdmin);
  asUser = await server.client.loginHeaders(name, PASSWORD);
});

const change = (currentPassword: string, newPassword = OTHER, headers = asUser) =>
  server.client.changePassword({ currentPassword, newPassword }, headers);
const login = async (password: string) => (await server.client.login(name, password)).status;
const entries = (action: string) =>
  server.database.query<Record<string, unknown>>(
    `SELECT * FROM audit_events WHERE action = '${action}' AND "subjectName" = '${name}'`,
  );

// Requirement B6.
describe('PUT /me/password', () => {
  it('returns 204; the new password works and the old one does not', async () => {
    const { status, text, headers } = await change(PASSWORD);

    expect([status, text]).toEqual([204, '']);
    expect(headers.get('ratelimit')).toContain(`"account";r=${LIMIT}`);
    expect([await login(OTHER), await login(PASSWORD)]).toEqual([200, 401]);
  });

  it('revokes all other tokens of the user, and keeps the presented one', async () => {
    const others = [
      await server.client.loginHeaders(name, PASSWORD),
      await server.client.loginHeaders(name, PASSWORD),
    ];
    const ofAnother = asAdmin;

    await change(PASSWORD);

    const codes = await Promise.all(others.map(async (other) => (await server.client.me(other)).body.code));
    expect(codes).toEqual(['token_revoked', 'token_revoked']);
    expect((await server.client.me(asUser)).status).toBe(200);
    expect((await server.client.me(ofAnother)).status).toBe(200);
    expect((await server.client.myTokens(asUser)).body.total).toBe(1);
  });

  it('keeps the presented token through several changes', async () => {
    const passwords = [PASSWORD, OTHER, `${OTHER} 2`, `${OTHER} 3`];

    for (const [index, password] of passwords.slice(0, -1).entries()) {
      expect((await change(password, passwords[index + 1])).status).toBe(204);
    }

    expect((await server.client.bump(asUser)).status).toBe(200);
  });

  it('invalidates a set-up link', async () => {
    const { body } = await server.client.makeSetUpLink(name, asAdmin);

    await change(PASSWORD);

    const secret = body.link.split('#')[1] ?? '';
    expect((await server.client.setUp({ secret, password: PASSWORD })).status).toBe(401);
  });

  it('accepts the current password in another normal form', async () => {
    await change(PASSWORD, 'ein längeres Kennwort');

    expect((await change('ein la\u0308ngeres Kennwort', OTHER)).status).toBe(204);
  });

  it('writes an audit entry without a password', async () => {
    await change(PASSWORD);

    expect(await entries('authn_password_change')).toEqual([
      expect.objectContaining({ actorName: name, outcome: 'success', before: null, after: null }),
    ]);
    expect(server.log).not.toContain(OTHER);
  });

  it('returns 422 current_password_wrong, and records the failure', async () => {
    const { status, headers, body } = await change(WRONG);

    expect([status, body.code]).toEqual([422, 'current_password_wrong']);
    expect(body.errors).toEqual([
      expect.objectContaining({ pointer: '/currentPassword', code: 'current_password_wrong' }),
    ]);
    expect(headers.has('www-authenticate')).toBe(false);
    expect(await entries('authn_password_change_fail')).toEqual([
      expect.objectContaining({ actorName: name, outcome: 'failure', address: '127.0.0.1' }),
    ]);
    expect((await server.client.me(asUser)).status).toBe(200);
    expect(await login(PASSWORD)).toBe(200);
  });

  it('counts failures together with failed log-ins, and hashes nothing when throttled', async () => {
    await change(WRONG);
    await server.client.login(name, WRONG);
    await change(WRONG);
    await server.client.login(name, WRONG);
    const failures = (await entries('authn_password_change_fail')).length;

    const { status, headers, body } = await change(PASSWORD);

    expect([status, body.code]).toEqual([429, 'throttled']);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('ratelimit')).toContain('"account";r=0');
    expect(await login(PASSWORD)).toBe(429);
    expect((await entries('authn_password_change_fail')).length).toBe(failures);
    expect((await server.client.me(asUser)).status).toBe(200);
  });

  it('resets the failures after the right password', async () => {
    await change(WRONG);
    await change(WRONG);

    await change(PASSWORD);

    expect((await server.client.login(name, WRONG)).headers.get('ratelimit')).toContain(
      `"account";r=${LIMIT - 1}`,
    );
  });

  it('succeeds for one of several parallel changes', async () => {
    const passwords = Array.from({ length: LIMIT }, (_, index) => `${OTHER} ${index}`);

    const answers = await Promise.all(passwords.map((password) => change(PASSWORD, password)));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => ![204, 409, 422].includes(status))).toEqual([]);
    expect(await login(passwords[statuses.indexOf(204)] ?? '')).toBe(200);
    expect((await server.client.me(asUser)).status).toBe(200);
  });

  it('returns 422 at /newPassword for the same password in any normal form', async () => {
    await change(PASSWORD, 'ein längeres Kennwort');

    const { status, body } = await change('ein längeres Kennwort', 'ein la\u0308ngeres Kennwort');

    expect([status, body.errors?.[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '/newPassword', code: 'password_unchanged' }),
    ]);
  });

  it('returns 422 to a user without a password', async () => {
    const service = newUser({ kind: 'service' });
    delete service.password;
    await server.client.createUser(service, asAdmin);
    const { body: token } = await server.client.createUserToken(service.name, asAdmin);
    const asService = { Authorization: `Bearer ${token.token}` };

    const { status, body } = await change(PASSWORD, OTHER, asService);

    expect([status, body.errors?.[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '/currentPassword', code: 'no_password' }),
    ]);
  });

  it.each([
    ['/newPassword', { currentPassword: PASSWORD }],
    ['/newPassword', { currentPassword: PASSWORD, newPassword: 'x'.repeat(14) }],
    ['/newPassword', { currentPassword: PASSWORD, newPassword: 'latchkeylatchkey' }],
    ['/newPassword', { currentPassword: PASSWORD, newPassword: [OTHER] }],
    ['/currentPassword', { newPassword: OTHER }],
    ['/currentPassword', { currentPassword: '', newPassword: OTHER }],
    ['/currentPassword', { currentPassword: { $ne: null }, newPassword: OTHER }],
    ['/currentPassword', { currentPassword: 'x'.repeat(1025), newPassword: OTHER }],
    ['/currentPassword', { currentPassword: 'ä'.repeat(513), newPassword: OTHER }],
    ['/name', { currentPassword: PASSWORD, newPassword: OTHER, name: 'admin' }],
    ['/userId', { currentPassword: PASSWORD, newPassword: OTHER, userId: 'x' }],
    ['/roles', { currentPassword: PASSWORD, newPassword: OTHER, roles: ['admin'] }],
  ])('returns 422 at %s for %j, and counts no failure', async (pointer, body) => {
    const answer = await server.client.changePassword(body as ChangePasswordDto, asUser);

    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    expect(answer.headers.get('ratelimit') ?? `r=${LIMIT}`).toContain(`r=${LIMIT}`);
    expect(await login(PASSWORD)).toBe(200);
  });
});

// Requirement B6.
describe('PUT /me/password while the clock stands still', () => {
  beforeAll(() => {
    jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(Date.now());
  });

  afterAll(() => {
    jest.restoreAllMocks();
  });

  it('revokes all other tokens and keeps the presented one', async () => {
    const other = await server.client.loginHeaders(name, PASSWORD);

    await change(PASSWORD);
    await change(OTHER, `${OTHER} 2`);

    expect((await server.client.me(other)).status).toBe(401);
    expect((await server.client.me(asUser)).status).toBe(200);
  });
});
