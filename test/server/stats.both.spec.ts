import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  LOGIN_STATS_DAYS,
  MANY_SESSIONS_THRESHOLD,
  MANY_SESSIONS_USERS_MAX,
  type CreateUserDto,
} from '@latchkey/auth-models';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, flushTokenUsage, stopClock } from '../support/use-server.js';
import { insertTokens, type TokenRow } from '../support/token-rows.js';
import { useRoles } from '../support/use-roles.js';

const DAY = 86_400_000;
/** Noon of yesterday, at which the clock is stopped. */
const NOON = Math.floor(Date.now() / DAY) * DAY - DAY / 2;

const server = useServer();
const asAdmin = useAdmin(server);
const { createHolder } = useRoles(server, asAdmin);

afterEach(() => {
  jest.restoreAllMocks();
});

const stats = async () => {
  const { status, body } = await server.client.stats(asAdmin);
  expect(status).toBe(200);
  return body;
};

/** Creates a user and returns the name. */
async function signUp(change: Partial<CreateUserDto> = {}): Promise<string> {
  const user = newUser(change);
  expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  return user.name;
}

describe('GET /stats on users', () => {
  it('counts the same users as GET /users', async () => {
    await signUp({ enabled: false });
    await signUp({ kind: 'service', password: undefined });
    await server.client.login(await signUp(), PASSWORD);

    const { users } = await stats();

    const total = async (query: string) => (await server.client.users(asAdmin, query)).body.total;
    expect(users).toEqual({
      total: await total(''),
      enabled: await total('?enabled=true'),
      disabled: await total('?enabled=false'),
      humans: await total('?kind=human'),
      services: await total('?kind=service'),
      neverLoggedIn: await total('?neverLoggedIn=true'),
    });
    expect(Object.values(users)).not.toContain(0);
  });
});

describe('GET /stats on tokens', () => {
  let counted = 0;

  beforeAll(async () => {
    const now = Date.now();
    const [user, disabled] = [await signUp(), await signUp({ enabled: false })];
    const sorts: Partial<TokenRow>[] = [
      {},
      { kind: 'session', idleExpirationTime: now + DAY },
      { expirationTime: now + 13 * DAY, lastUsageTime: now },
      { expirationTime: now + 15 * DAY },
      { enabled: false, expirationTime: now + DAY },
      { user: disabled, lastUsageTime: now },
      { previousExpirationTime: now + DAY },
      { previousExpirationTime: now - DAY },
      // These are not live.
      { expirationTime: now - 1 },
      { kind: 'session', idleExpirationTime: now - 1 },
      { revocationTime: now - 1, previousExpirationTime: now + DAY },
      { stamp: 0 },
    ];
    const rows = sorts.map((sort) => ({ id: `counted-${(counted += 1)}`, user, ...sort }));
    await server.database.execute(insertTokens(...rows));
    // The first use of the administrator's token is written after the response, which changes the counts.
    await server.client.verify(asAdmin);
    await flushTokenUsage(server);
  });

  it('counts the same tokens as GET /tokens', async () => {
    const { tokens } = await stats();

    const total = async (query: string) =>
      (await server.client.request<{ total: number }>('GET', `/tokens?${query}`, { headers: asAdmin })).body
        .total;
    expect(tokens).toEqual({
      live: await total(''),
      sessions: await total('kind=session'),
      api: await total('kind=api'),
      expiring: await total('state=expiring'),
      disabled: await total('state=disabled'),
      neverUsed: await total('neverUsed=true'),
      inGrace: await total('inGrace=true'),
    });
  });

  it('counts each kind', async () => {
    const before = await stats();
    const user = await signUp();

    await server.database.execute(
      insertTokens(
        { id: 'more-1', user, expirationTime: Date.now() + DAY, previousExpirationTime: Date.now() + DAY },
        { id: 'more-2', user, kind: 'session', enabled: false, lastUsageTime: Date.now() },
      ),
    );

    const { tokens } = await stats();
    expect(tokens).toEqual({
      live: before.tokens.live + 2,
      sessions: before.tokens.sessions + 1,
      api: before.tokens.api + 1,
      expiring: before.tokens.expiring + 1,
      disabled: before.tokens.disabled + 1,
      neverUsed: before.tokens.neverUsed + 1,
      inGrace: before.tokens.inGrace + 1,
    });
  });
});

describe('GET /stats on users with many sessions', () => {
  /** Inserts this number of sessions for each user into the database. */
  async function giveSessions(users: string[], count: number, kind = 'session'): Promise<void> {
    for (const name of users) {
      await server.database.execute(
        `INSERT INTO tokens (id, "userId", kind, preview, digest, "creationTime", "stamp", "lastUsageTime")
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
         SELECT '${name} ${kind} ' || n, u.id, '${kind}', 'latchkey_…0000', '${name} ${kind} ' || n, 0, 9000000000000, 0
         FROM numbers JOIN users u ON u.name = '${name}'`,
      );
    }
  }

  it('returns users with more than 1,000 sessions, without API tokens', async () => {
    const [above, at, ofApi] = [await signUp(), await signUp(), await signUp()];
    await giveSessions([above], MANY_SESSIONS_THRESHOLD + 1);
    await giveSessions([at, ofApi], MANY_SESSIONS_THRESHOLD);
    await giveSessions([ofApi], 1, 'api');

    const { usersWithManySessions } = await stats();

    expect(usersWithManySessions).toEqual([{ name: above, sessions: MANY_SESSIONS_THRESHOLD + 1 }]);
  });

  it('returns the 20 users with the most sessions, in descending order', async () => {
    const users = [];
    for (let index = 0; index <= MANY_SESSIONS_USERS_MAX; index += 1) {
      users.push(await signUp());
    }
    await giveSessions(users, MANY_SESSIONS_THRESHOLD + 2);
    const most = await signUp();
    await giveSessions([most], MANY_SESSIONS_THRESHOLD + 3);

    const { usersWithManySessions } = await stats();

    expect(usersWithManySessions).toHaveLength(MANY_SESSIONS_USERS_MAX);
    expect(usersWithManySessions[0]).toEqual({ name: most, sessions: MANY_SESSIONS_THRESHOLD + 3 });
    expect(usersWithManySessions.at(-1)?.sessions).toBe(MANY_SESSIONS_THRESHOLD + 2);
  });
});

describe('GET /stats on logins', () => {
  const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

  /** Returns the figures of the day that contains a time. */
  const figuresAt = async (time: number) => (await stats()).logins.find(({ date }) => date === dateOf(time));

  it('returns the last 30 days including today, with zeros', async () => {
    stopClock(server, NOON);

    const { time, logins } = await stats();

    expect(time).toBe(new Date(NOON).toISOString());
    expect(logins).toHaveLength(LOGIN_STATS_DAYS);
    expect(logins.map(({ date }) => date)).toEqual(
      Array.from({ length: LOGIN_STATS_DAYS }, (_, index) => dateOf(NOON - (29 - index) * DAY)),
    );
    expect(logins[3]).toEqual({
      date: dateOf(NOON - 26 * DAY),
      successes: 0,
      failures: 0,
      unknownNameFailures: 0,
    });
  });

  it('counts logins, failures, and failures of unknown names', async () => {
    const name = await signUp();
    stopClock(server, NOON - 5 * DAY);

    await server.client.login(name, PASSWORD);
    await server.client.login(name, PASSWORD);
    await server.client.login(name, 'not the password');
    await server.client.login('nobody-has-this', PASSWORD);
    await server.client.login('nor this one', PASSWORD);
    await server.client.login('nor-this', PASSWORD);

    expect(await figuresAt(NOON - 5 * DAY)).toMatchObject({
      successes: 2,
      failures: 1,
      unknownNameFailures: 3,
    });
  });

  it('starts a day at midnight UTC', async () => {
    const midnight = NOON - 9.5 * DAY;
    const name = await signUp();

    stopClock(server, midnight - 1);
    await server.client.login(name, PASSWORD);
    stopClock(server, midnight);
    await server.client.login(name, PASSWORD);

    expect((await figuresAt(midnight - 1))?.successes).toBe(1);
    expect((await figuresAt(midnight))?.successes).toBe(1);
  });

  it('counts every one of many parallel logins', async () => {
    const name = await signUp();
    stopClock(server, NOON - 15 * DAY);

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        server.client.login(index % 2 > 0 ? name : `stranger-${index}`, PASSWORD),
      ),
    );

    // A busy server may reject some, and counts none of these.
    const times = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect(await figuresAt(NOON - 15 * DAY)).toMatchObject({
      successes: times(200),
      unknownNameFailures: times(401),
    });
    expect(times(200)).toBeGreaterThan(10);
  });
});

describe('GET /stats', () => {
  it('returns 200 to holders of stats:read, such as auditors', async () => {
    const [asAuditor, asUser] = await Promise.all([createHolder('auditor'), createHolder('user')]);

    expect((await server.client.stats(asAuditor)).status).toBe(200);
    expect((await server.client.stats(asUser)).status).toBe(403);
  });

  it.each(['application/xml', 'application/yaml'])('is available as %s', async (type) => {
    const { status, headers } = await server.client.stats({ ...asAdmin, Accept: type });

    expect([status, headers.get('content-type')?.split(';', 1)[0]]).toEqual([200, type]);
  });
});
