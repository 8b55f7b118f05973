import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type OfferDto, type UserDto, type UserTokenDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { tokenHeader } from '../support/api-client.js';
import { LostPasswordsService } from '../../apps/api/src/users/lost-passwords/lost-passwords.service.js';
import { UserPasswordsRepository } from '../../apps/api/src/users/passwords/user-passwords.repository.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { MailServer } from '../support/mail-server.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { waitUntil } from '../support/wait-until.js';

const OTHER = 'correct horse battery staple';
const MINUTE = 60_000;
/** Address whose messages the mail server rejects. */
const FULL = 'full@example.org';

let mails: MailServer;
let server: TestServer;
let asAdmin: Record<string, string>;
let name: string;
let email: string;

beforeAll(async () => {
  mails = await MailServer.start({
    onRcptTo: ({ address }, _session, done) =>
      done(address === FULL ? Object.assign(new Error('Mailbox full'), { responseCode: 552 }) : undefined),
  });
  server = await TestServer.start({ environment: mails.environment });
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(async () => {
  await server.remove();
  await mails.close();
});

beforeEach(async () => {
  ({ name } = newUser());
  email = `${name}@example.org`;
  await server.client.createUser({ name, email, password: PASSWORD }, asAdmin);
  mails.received.length = 0;
});

afterEach(() => {
  jest.restoreAllMocks();
});

const request = (user: string, language?: string, headers = {}) =>
  server.client.request('POST', '/auth/lost-password', {
    body: { user, ...(language !== undefined && { language }) },
    headers,
  });

/** Returns the recipients of the messages after these requests. */
async function recipientsAfter(...users: string[]): Promise<string[]> {
  for (const user of users) {
    expect((await request(user)).status).toBe(202);
  }
  const last = newUser().name;
  await server.client.createUser({ name: last, email: `${last}@example.org`, password: PASSWORD }, asAdmin);
  await request(last);
  // Requests run in their order, two at once: no other waits, and the one before this may still run.
  await mails.receive(({ to }) => to.includes(`${last}@example.org`));
  await server.app.get(LostPasswordsService, { strict: false }).beforeApplicationShutdown();
  return mails.received.flatMap(({ to }) => to).filter((address) => address !== `${last}@example.org`);
}

const linkIn = (text: string) =>
  /https:\/\/auth\.example\.org\/admin\/set-up\?name=\S+#([\w-]{22})/.exec(text);
const login = async (password: string) => (await server.client.login(name, password)).status;

describe('POST /auth/lost-password', () => {
  it('sends a link to the stored address, which sets a password once', async () => {
    const { status, body } = await request(name.toUpperCase(), 'de');
    await mails.receive();

    expect([status, body]).toEqual([202, undefined]);
    const text = mails.textTo(email);
    expect(text).toContain(
      `Jemand hat einen Link angefordert, um ein neues Passwort für „${name}“ festzulegen.`,
    );
    const [, secret = ''] = linkIn(text) ?? [];
    const use = () => server.client.setUp({ secret, password: OTHER });
    expect([(await use()).status, (await use()).status]).toEqual([204, 401]);
    expect([await login(PASSWORD), await login(OTHER)]).toEqual([401, 200]);
  });

  it('finds users by their address, all of those who share it', async () => {
    const second = newUser().name;
    await server.client.createUser({ name: second, email, password: PASSWORD }, asAdmin);

    const recipients = await recipientsAfter(email);

    expect(recipients).toEqual([email, email]);
    expect(mails.received.map(({ raw }) => /set-up\?name=3D([\w-]+)/.exec(raw)?.[1])).toEqual(
      expect.arrayContaining([name, second]),
    );
  });

  it('ignores the header fields of the request for the link', async () => {
    await request(name, undefined, { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' });
    await mails.receive();

    expect(linkIn(mails.textTo(email))).not.toBeNull();
    expect(mails.received[0]?.raw).not.toContain('evil.example');
  });

  it('responds the same and sends nothing for users who cannot choose a password', async () => {
    const [disabled, service, addressless, invited] = Array.from({ length: 4 }, () => newUser().name) as [
      string,
      string,
      string,
      string,
    ];
    const of = (user: string) => `${user}@example.org`;
    await server.client.createUser(
      { name: disabled, email: of(disabled), password: PASSWORD, enabled: false },
      asAdmin,
    );
    await server.client.createUser({ name: service, email: of(service), kind: 'service' }, asAdmin);
    await server.client.createUser({ name: addressless, password: PASSWORD }, asAdmin);
    await server.client.createUser({ name: invited, email: of(invited) }, asAdmin);

    const recipients = await recipientsAfter(
      disabled,
      service,
      addressless,
      invited,
      'nobody',
      'nobody@example.org',
      'two words',
    );

    expect(recipients).toEqual([]);
  });

  it('sends one message for simultaneous requests', async () => {
    const passwords = server.app.get(UserPasswordsRepository, { strict: false });
    const find = passwords.findWithLostPassword.bind(passwords);
    let reads = 0;
    // Like two replicas, both read the user before one of them sends.
    jest.spyOn(passwords, 'findWithLostPassword').mockImplementation(async (by) => {
      const found = await find(by);
      reads += 1;
      await waitUntil(() => reads > 1);
      return found;
    });
    await Promise.all([request(name), request(name)]);

    expect(await recipientsAfter()).toEqual([email]);
  });

  it('sends at most one message within 15 minutes', async () => {
    expect(await recipientsAfter(name, name, email)).toEqual([email]);

    const now = Date.now();
    const clock = jest.spyOn(server.app.get(Clock), 'now');
    clock.mockImplementation(() => now + 16 * MINUTE);
    mails.received.length = 0;
    expect(await recipientsAfter(name)).toEqual([email]);
  });

  it('replaces the link of an administrator, and expires after an hour', async () => {
    const { body } = await server.client.createSetUpLink(name, asAdmin);
    await request(name);
    await mails.receive();

    const older = await server.client.setUp({ secret: body.link.split('#')[1] ?? '', password: OTHER });
    const [, secret = ''] = linkIn(mails.textTo(email)) ?? [];
    const now = Date.now();
    const clock = jest.spyOn(server.app.get(Clock), 'now');
    clock.mockImplementation(() => now + 61 * MINUTE);
    const late = await server.client.setUp({ secret, password: OTHER });
    clock.mockImplementation(() => now + 59 * MINUTE);
    const inTime = await server.client.setUp({ secret, password: OTHER });

    expect([older.status, late.status, inTime.status]).toEqual([401, 401, 204]);
  });

  it('records the link with the address of the client', async () => {
    await request(name);
    await mails.receive();

    const { body } = await server.client.request<{ items: object[] }>(
      'GET',
      `/audit-events?action=user_set_up_link_created&size=1`,
      { headers: asAdmin },
    );
    expect(body.items).toEqual([
      expect.objectContaining({
        actor: expect.objectContaining({ name: 'the server' }),
        subject: expect.objectContaining({ name }),
        address: '127.0.0.1',
        after: { reason: 'lost_password' },
      }),
    ]);
  });

  it('rejects requests of other pages', async () => {
    const { status, body } = await request(name, undefined, { 'Sec-Fetch-Site': 'cross-site' });

    expect([status, (body as { code: string }).code]).toEqual([403, 'same_origin_required']);
  });
});

describe('POST /users/{name}/set-up-link with send', () => {
  const create = (user: string, body: object) =>
    server.client.request<{
      link: string;
      sentTo?: string;
      sendError?: string;
      errors?: { pointer: string; code: string }[];
    }>('POST', `/users/${user}/set-up-link`, { body, headers: asAdmin });

  it('sends the link, in the language of the request', async () => {
    const { status, body } = await create(name, { send: true, language: 'de' });

    expect([status, body.sentTo]).toEqual([201, email]);
    expect(mails.textTo(email)).toContain(body.link);
    expect(mails.textTo(email)).toContain(`${ADMIN.name} hat Ihnen einen Link gesendet`);
  });

  it('returns the reason if the mail server rejects the message, and the link works', async () => {
    const { name: other } = newUser();
    await server.client.createUser({ name: other, email: FULL }, asAdmin);

    const { status, body } = await create(other, { send: true });

    expect(status).toBe(201);
    expect(body).not.toHaveProperty('sentTo');
    expect(body.sendError).toMatch(/552.*Mailbox full/);
    const [, secret = ''] = linkIn(body.link) ?? [];
    expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(204);
  });

  it('sends nothing by default', async () => {
    const { body } = await create(name, {});

    expect(body).not.toHaveProperty('sentTo');
    expect(mails.received).toEqual([]);
  });

  it('returns 422 for a user without an address, and creates no link', async () => {
    const { name: other } = newUser();
    await server.client.createUser({ name: other }, asAdmin);

    const { status, body } = await create(other, { send: true });

    expect([status, body.errors?.[0]]).toMatchObject([422, { pointer: '/send', code: 'no_email_address' }]);
    const [row] = await server.database.query(
      `SELECT "setUpDigest" AS digest FROM users WHERE name = '${other}'`,
    );
    expect(row).toEqual({ digest: null });
  });
});

describe('PATCH /users/{name} and /me, with the address of lost passwords', () => {
  it('rejects API tokens, and users who hold less', async () => {
    const session = await server.client.loginHeaders(name, PASSWORD);
    const token = await server.client.request<UserTokenDto>('POST', '/me/tokens', {
      headers: session,
      body: {},
    });
    const asToken = tokenHeader(token.body);
    const { name: clerk } = newUser();
    await server.client.request('POST', '/roles', {
      headers: asAdmin,
      body: { name: `r-${clerk}`, permissions: ['users:read', 'users:write'] },
    });
    await server.client.createUser({ name: clerk, password: PASSWORD, roles: [`r-${clerk}`] }, asAdmin);
    const asClerk = await server.client.loginHeaders(clerk, PASSWORD);
    const patch = (path: string, body: object, headers: Record<string, string>) =>
      server.client.request<{ code?: string }>('PATCH', path, {
        headers: { ...headers, 'If-Match': '*' },
        body,
      });
    const change = { email: 'eve@example.org' };

    const answers = [
      await patch('/me', change, asToken),
      await patch('/me', { displayName: 'Anna' }, asToken),
      await patch('/me', change, session),
      await patch(`/users/${ADMIN.name}`, change, asClerk),
      await patch(`/users/${ADMIN.name}`, { displayName: 'Root' }, asClerk),
      await patch(`/users/${name}`, change, asClerk),
    ];

    expect(answers.map(({ status, body }) => body.code ?? status)).toEqual([
      'forbidden',
      200,
      200,
      'above_your_permissions',
      200,
      200,
    ]);
  });
});

describe('POST /users/{name}/offers with send', () => {
  it('sends the link to the user, or to the person responsible for a service', async () => {
    const { name: service } = newUser();
    await server.client.createUser({ name: service, kind: 'service', responsible: name }, asAdmin);
    const offer = (user: string) =>
      server.client.request<OfferDto>('POST', `/users/${user}/offers`, {
        body: { send: true, note: 'Nightly job' },
        headers: asAdmin,
      });

    const own = await offer(name);
    const ofService = await offer(service);

    expect([own, ofService].map(({ status, body }) => [status, body.sentTo])).toEqual([
      [201, email],
      [201, email],
    ]);
    const [first, second] = mails.received.map(({ raw }) => raw);
    expect(mails.received).toHaveLength(2);
    expect(first).toContain(own.body.link?.split('#')[1]);
    expect(second).toContain(ofService.body.link?.split('#')[1]);
    expect(mails.textTo(email)).toContain(`${ADMIN.name} offers an API token to "${service}".`);
    expect(mails.textTo(email)).toContain('Note: Nightly job');
  });
});

describe('responsible of a service', () => {
  const create = async (responsible: string, kind: 'service' | 'human' = 'service') => {
    const { name: service } = newUser();
    const { status, body } = await server.client.createUser({ name: service, kind, responsible }, asAdmin);
    return { service, status, body, error: body.errors?.[0] };
  };
  const patch = (service: string, responsible: string | null, headers = asAdmin) =>
    server.client.updateUser(service, { responsible }, { ...headers, 'If-Match': '*' });
  const sendTo = async (service: string) => {
    const { body } = await server.client.request<OfferDto>('POST', `/users/${service}/offers`, {
      body: { send: true },
      headers: asAdmin,
    });
    return body.sentTo;
  };

  it('is a user by name in any spelling, or an address', async () => {
    const byName = await create(name.toUpperCase());
    const byAddress = await create('ops@example.org');
    const changed = await patch(byAddress.service, name);
    const removed = await patch(byAddress.service, null);

    expect([byName.body.responsible, byAddress.body.responsible]).toEqual([name, 'ops@example.org']);
    expect(changed.body.responsible).toBe(name);
    expect(removed.body).not.toHaveProperty('responsible');
  });

  it('cannot be an unknown user, and a person has none', async () => {
    expect((await create('nobody-known')).error).toMatchObject({
      pointer: '/responsible',
      code: 'unknown_user',
    });
    expect((await create(name, 'human')).error).toMatchObject({
      pointer: '/responsible',
      code: 'not_a_service',
    });
    expect((await create('two words')).status).toBe(422);
    expect((await patch(name, 'ops@example.org')).status).toBe(422);
  });

  it('gets nothing after the user is disabled or deleted, even if another gets the name', async () => {
    const { service } = await create(name);
    expect(await sendTo(service)).toBe(email);

    await server.client.updateUser(name, { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    expect(await sendTo(service)).toBeUndefined();

    await server.client.deleteUser(name, asAdmin);
    await server.client.createUser({ name, email, password: PASSWORD }, asAdmin);
    expect(await sendTo(service)).toBeUndefined();
    const { body } = await server.client.request<UserDto>('GET', `/users/${service}`, { headers: asAdmin });
    expect(body).not.toHaveProperty('responsible');
  });

  it('can be in an import, of a user in the same import', async () => {
    const [person, service] = [newUser().name, newUser().name];
    const importUsers = (responsible: string) =>
      server.client.request<{
        imported: number;
        problems: { index: number; pointer: string; code: string }[];
      }>('POST', '/users/import', {
        headers: asAdmin,
        body: { users: [{ name: person }, { name: service, kind: 'service', responsible }] },
      });

    const wrong = await importUsers('nobody-known');
    const right = await importUsers(person);

    expect(wrong.body.problems).toMatchObject([{ index: 1, pointer: '/responsible', code: 'unknown_user' }]);
    expect(right.body).toMatchObject({ imported: 2, problems: [] });
  });
});

// Last, because the requests wait for their turn.
describe('a flood of requests for lost passwords', () => {
  it('fills a queue of 100 requests, and no more memory', () => {
    const service = server.app.get(LostPasswordsService, { strict: false });
    for (let requests = 0; requests < 110; requests += 1) {
      service.request({ user: 'nobody' }, { address: '127.0.0.1', agent: undefined, traceId: '' });
    }

    // Two of them run.
    expect(server.log.match(/Ignored a request for a lost password/g)).toHaveLength(8);
  });
});
