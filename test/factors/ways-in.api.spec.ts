import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SetUpLinkDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { enrol, type Authenticator } from '../support/authenticator.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { Operator } from '../support/operator.js';
import { addPasskey, requestOptions, SoftwarePasskey, type Forgery } from '../support/software-passkey.js';
import { useAdmin, useServer } from '../support/use-server.js';

const OTHER_PASSWORD = 'another long enough password';

const server = useServer();
const asAdmin = useAdmin(server);
let operator: Operator;
let strictRole: string;

beforeAll(async () => {
  operator = await Operator.of(server);
  const role = newRole({ requiresSecondFactor: true });
  strictRole = role.name;
  await server.client.createRole(role, asAdmin);
});

afterAll(() => operator.remove());

/** Person who signs in, with a session from before. */
interface Person {
  name: string;
  session: UserTokenDto;
  headers: Headers;
  authenticator?: Authenticator;
  passkey?: SoftwarePasskey;
}

async function newPerson(roles?: string[]): Promise<Person> {
  const { name } = newUser();
  await server.client.createUser({ name, password: PASSWORD, ...(roles && { roles }) }, asAdmin);
  const { body: session } = await server.client.login(name, PASSWORD);
  return { name, session, headers: tokenHeader(session) };
}

const login = (name: string, headers: Headers = {}, body?: object) =>
  server.client.login(name, PASSWORD, { headers, body });

const post = (path: string, body: object | undefined, headers: Headers = asAdmin) =>
  server.client.request<SetUpLinkDto>('POST', path, { body, headers });

const secretOf = async (path: string, body?: object) =>
  (await post(path, body)).body.link.split('#')[1] ?? '';

const setUp = async (name: string) =>
  server.client.setUp({ secret: await secretOf(`/users/${name}/set-up-link`), password: OTHER_PASSWORD });

/** Sends a request of a command, and rejects an unexpected response. */
async function command<Body>(
  method: string,
  path: string,
  body: object | undefined,
  expected: number,
): Promise<Body> {
  const response = await operator.send(method, path, body);
  expect(response).toMatchObject({ status: expected });
  return JSON.parse(response.text || 'null') as Body;
}

async function claimRequestedToken({ headers }: Person): Promise<void> {
  const template = `template-${newUser().name}`;
  await server.client.createTokenTemplate({ name: template, expiresIn: 3_600 }, asAdmin);
  const requested = await server.client.requestToken({ template }, headers);
  expect(requested).toMatchObject({ status: 201 });
  const { id } = requested.body;
  await server.client.decideOffer(id, 'approve', asAdmin);
  expect((await server.client.claimOffer(id, headers)).status).toBe(201);
}

/** Logs in with a proof of the person's passkey, or of one that is not known. */
async function logInWithPasskey(
  { passkey = new SoftwarePasskey() }: Person,
  forgery?: Forgery,
): Promise<void> {
  const credential = passkey.prove(await requestOptions(server.client), forgery);
  await post('/auth/login/passkey', { credential }, {});
}

/** Returns the number of sessions that a user has ever had. */
async function sessionsOf(name: string): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    `SELECT COUNT(*) AS "count" FROM "tokens" t JOIN "users" u ON u."id" = t."userId"
     WHERE u."name" = '${name}' AND t."kind" = 'session'`,
  );
  return Number(row?.count);
}

/** Returns the sessions of a user that can do more than add a second factor, and tokens that they created. */
async function powersOf(name: string): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    `SELECT COUNT(*) AS "count" FROM "tokens" t JOIN "users" u ON u."id" = t."userId"
     WHERE u."name" = '${name}'
     AND (t."kind" = 'session' AND t."authMethods" <> 'pwd' OR t."parentTokenId" IN
       (SELECT s."id" FROM "tokens" s WHERE s."kind" = 'session' AND s."userId" = u."id"))`,
  );
  return Number(row?.count);
}

/** Way in without a valid code, and the number of sessions that it starts if there is no second factor. */
type Way = [way: string, sessions: number, send: (person: Person) => Promise<unknown>];

/** Ways in that begin with a request of an earlier session, which must succeed. */
const WAYS_OF_SESSIONS: Way[] = [
  ['a requested token', 0, claimRequestedToken],
  [
    'the password that the user has changed',
    1,
    async ({ name, headers }) => {
      const change = { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD };
      expect(await server.client.changePassword(change, headers)).toMatchObject({ status: 204 });
      await server.client.login(name, OTHER_PASSWORD);
    },
  ],
];

/** All other ways in. */
const WAYS: Way[] = [
  ['name and password', 1, ({ name }) => login(name)],
  ['another spelling of the name', 1, ({ name }) => login(name.toUpperCase())],
  ['a limited session', 1, ({ name }) => login(name, {}, { permissions: [] })],
  ['a session as text', 1, ({ name }) => login(name, { Accept: 'text/plain' })],
  ['the session cookie of a login', 1, ({ name }) => login(name, { Prefer: 'session-cookie' })],
  ['a token beside the password', 1, ({ name, headers }) => login(name, headers)],
  ['an empty code', 1, ({ name }) => login(name, { 'X-Auth-OTP': '' })],
  ['a wrong code', 1, ({ name }) => login(name, { 'X-Auth-OTP': '000 000' })],
  [
    'digits of another script',
    1,
    ({ name }) => login(name, { 'X-Auth-OTP': '\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2' }),
  ],
  [
    'two codes',
    1,
    ({ name, authenticator }) =>
      login(name, { 'X-Auth-OTP': `${authenticator?.code()}, ${authenticator?.code()}` }),
  ],
  [
    'the code that confirmed the factor',
    1,
    ({ name, authenticator }) => login(name, { 'X-Auth-OTP': authenticator?.firstCode ?? '' }),
  ],
  [
    'a code of 90 s ago',
    1,
    ({ name, authenticator }) =>
      login(name, { 'X-Auth-OTP': authenticator?.code(Date.now() - 90_000) ?? '' }),
  ],
  [
    'a code and a wrong password',
    0,
    ({ name, authenticator }) =>
      server.client.login(name, OTHER_PASSWORD, { headers: { 'X-Auth-OTP': authenticator?.code() ?? '' } }),
  ],
  [
    'a code without a password',
    0,
    ({ authenticator }) =>
      server.client.request('POST', '/auth/login', {
        headers: { 'X-Auth-OTP': authenticator?.code() ?? '' },
      }),
  ],
  [
    'a passkey that the user does not have',
    0,
    (person) => logInWithPasskey({ ...person, passkey: new SoftwarePasskey() }),
  ],
  [
    'a passkey on the page of an attacker',
    0,
    (person) => logInWithPasskey(person, { origin: 'https://evil.example' }),
  ],
  ['a passkey without its PIN', 0, (person) => logInWithPasskey(person, { flags: 0b001 })],
  [
    'the proof of a passkey for a step-up, a second time',
    0,
    async ({ headers, passkey = new SoftwarePasskey() }) => {
      const credential = passkey.prove(await requestOptions(server.client));
      await post('/auth/step-up', { passkey: credential }, headers);
      await post('/auth/login/passkey', { credential }, {});
    },
  ],
  [
    'the cookie of an earlier session',
    0,
    ({ session }) =>
      server.client.session({ Cookie: `__Host-latchkey=${session.token}`, 'Sec-Fetch-Site': 'same-origin' }),
  ],
  ['the extension of an earlier session', 0, ({ headers }) => server.client.bump(headers)],
  ['a new API token', 0, ({ headers }) => post('/me/tokens', {}, headers)],
  ['a claim link', 0, async ({ name }) => server.client.claim(await secretOf(`/users/${name}/offers`, {}))],
  ['a set-up link', 0, ({ name }) => setUp(name)],
  [
    'the password that a set-up link has set',
    1,
    async ({ name }) => {
      await setUp(name);
      await server.client.login(name, OTHER_PASSWORD);
    },
  ],
  [
    'the password that an administrator has set',
    1,
    async ({ name }) => {
      await server.client.resetPassword(name, { password: OTHER_PASSWORD }, asAdmin);
      await server.client.login(name, OTHER_PASSWORD);
    },
  ],
  [
    'the password, after the user was disabled and enabled',
    1,
    async ({ name }) => {
      await server.client.request('PATCH', `/users/${name}`, {
        body: { enabled: false, version: 0 },
        headers: asAdmin,
      });
      await server.client.request('PATCH', `/users/${name}`, {
        body: { enabled: true, version: 1 },
        headers: asAdmin,
      });
      await login(name);
    },
  ],
  [
    'the password, after an import of the name',
    1,
    async ({ name }) => {
      await post('/users/import', { users: [{ name }], skipExisting: true });
      await login(name);
    },
  ],
  [
    'latchkey create-token, and that token',
    0,
    async ({ name }) => {
      const created = await command<UserTokenDto>('POST', `/users/${name}/tokens`, {}, 201);
      await server.client.request('POST', '/auth/login', { headers: tokenHeader(created) });
    },
  ],
  [
    'latchkey rotate-token with an earlier session',
    0,
    async ({ session }) => {
      await operator.send('POST', `/tokens/${session.id}/rotate`, { version: 0, gracePeriodSeconds: 0 });
    },
  ],
  [
    'the password that a link of latchkey reset-password has set',
    1,
    async ({ name }) => {
      const { link } = await command<SetUpLinkDto>('POST', `/users/${name}/set-up-link`, {}, 201);
      await server.client.setUp({ secret: link.split('#')[1] ?? '', password: OTHER_PASSWORD });
      await server.client.login(name, OTHER_PASSWORD);
    },
  ],
  [
    'the password of latchkey create-user for a name that is taken',
    0,
    async ({ name }) => {
      await command('POST', '/users', { name, password: OTHER_PASSWORD }, 409);
      await server.client.login(name, OTHER_PASSWORD);
    },
  ],
  [
    'the password, after latchkey import-users with the name',
    1,
    async ({ name }) => {
      const rows = [{ line: 1, user: { name } }];
      const options = { isDryRun: false, isSkippingExisting: true };
      await command('POST', '/operator/user-imports', { rows, ...options }, 200);
      await login(name);
    },
  ],
  [
    'the password, after latchkey unlock',
    1,
    async ({ name }) => {
      await command('DELETE', `/users/${name}/throttle`, undefined, 204);
      await login(name);
    },
  ],
];

describe.each([...WAYS, ...WAYS_OF_SESSIONS])('%s', (_, expected, send) => {
  it('starts no session if the user has an authenticator app', async () => {
    const person = await newPerson();
    const authenticator = await enrol(server.client, person.headers);
    const before = await sessionsOf(person.name);

    await send({ ...person, authenticator });

    expect(await sessionsOf(person.name)).toBe(before);
  });

  it('starts no session if the user has a passkey', async () => {
    const person = await newPerson();
    const { passkey } = await addPasskey(server.client, person.headers);
    const before = await sessionsOf(person.name);

    await send({ ...person, passkey });

    expect(await sessionsOf(person.name)).toBe(before);
  });

  it(`starts ${expected} sessions if the user has none`, async () => {
    const person = await newPerson();
    const before = await sessionsOf(person.name);

    await send(person);

    expect(await sessionsOf(person.name)).toBe(before + expected);
  });
});

describe('a user who has no second factor and needs one', () => {
  it.each(WAYS)('%s starts %i sessions, which can only add a second factor', async (_, expected, send) => {
    const person = await newPerson([strictRole]);
    const before = await sessionsOf(person.name);

    await send(person);

    expect(await sessionsOf(person.name)).toBe(before + expected);
    expect(await powersOf(person.name)).toBe(0);
  });

  it.each(WAYS_OF_SESSIONS)('%s starts no session, because the earlier one is rejected', async (...way) => {
    const [, , send] = way;
    const person = await newPerson([strictRole]);
    const before = await sessionsOf(person.name);

    await expect(send(person)).rejects.toThrow('403');

    expect(await sessionsOf(person.name)).toBe(before);
    expect(await powersOf(person.name)).toBe(0);
  });
});
