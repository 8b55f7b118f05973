import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type HealthDto } from '@latchkey/auth-models';
import { FailureCountPurge } from '../../apps/api/src/throttle/counts/failure-count-purge.service.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { LeakReports } from '../../apps/api/src/auth/leaks/leak-reports.service.js';
import { type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { flushTokenUsage, settleCanaries, settleLeakReports } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const REASON =
  'The database accepts no changes. Its disk may be full, or it may be read-only. The log has the cause.';

let server: TestServer;
let asAdmin: Headers;

beforeEach(async () => {
  server = await TestServer.start();
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterEach(async () => {
  await setWritable(true);
  await server.remove();
});

/**
 * Makes all writes of the server fail: as on a full disk on SQLite, as after a failover to a standby on
 * PostgreSQL.
 */
async function setWritable(isWritable: boolean): Promise<void> {
  const { hasOneWriter, renewConnections, writer } = server.app.get(Database, { strict: false });
  if (hasOneWriter) {
    // SQLite raises a lower limit to the size of the file.
    await writer.query(`PRAGMA max_page_count = ${isWritable ? 1_000_000_000 : 1}`);
    return;
  }
  const name = new URL(server.database.url).pathname.slice(1);
  await server.database.query(
    `BEGIN READ WRITE; ALTER DATABASE ${name} SET default_transaction_read_only = ${isWritable ? 'off' : 'on'}; COMMIT`,
  );
  if (isWritable) {
    // Lets running statements finish. A lost connection would be logged as the cause of the outage.
    renewConnections?.();
  } else {
    await server.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  }
}

/**
 * Waits until readiness returns this reason, or that the server is ready. Right after its connections are
 * closed, it may first return that the database does not respond.
 */
async function untilReady(reason?: string): Promise<HealthDto> {
  const { body } = await waitUntil(
    () => server.client.ready(),
    (ready) => ready.status === (reason ? 503 : 200) && ready.body.reason === reason,
    { pauseMilliseconds: 50 },
  );
  return body;
}

/** Returns the lines of the log whose message matches, or that have a stack. */
function logged(pattern: RegExp): Record<string, unknown>[] {
  return server.log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg, err }) => pattern.test(String(msg)) || (err as { stack?: string } | undefined)?.stack);
}

/** Calls a function several times, one after the other. */
async function inTurn<T>(count: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < count) {
    results.push(await run());
  }
  return results;
}

const metric = async () => {
  const { text } = await server.client.request('GET', '/metrics', { headers: asAdmin });
  return /^latchkey_writes_failing (\d)$/m.exec(text)?.[1];
};

/** Creates users, whose rows need new pages, until one is rejected. */
async function fillPages(): Promise<void> {
  for (let count = 0; count < 500; count += 1) {
    const { status } = await server.client.createUser(newUser(), asAdmin);
    if (status === 503) {
      return;
    }
    expect(status).toBe(201);
  }
  throw new Error('No write was rejected');
}

describe('a database that accepts no changes', () => {
  it('makes readiness return 503 until it accepts them again, without any request', async () => {
    expect(await metric()).toBe('0');
    await setWritable(false);
    await fillPages();

    expect(await untilReady(REASON)).toEqual({ status: 'unavailable', reason: REASON });
    expect(await metric()).toBe('1');
    expect((await server.client.verify(asAdmin)).status).toBe(200);

    await setWritable(true);
    expect(await untilReady()).toMatchObject({ status: 'ok' });
    expect(await metric()).toBe('0');
    expect((await server.client.createUser(newUser(), asAdmin)).status).toBe(201);
  });

  it('is a remark for load balancers that accept servers without writes', async () => {
    await setWritable(false);
    await fillPages();
    await untilReady(REASON);

    const { status, body } = await server.client.request('GET', '/health/ready?writes=optional');

    expect([status, body]).toEqual([200, { status: 'ok', remarks: expect.arrayContaining([REASON]) }]);
  });

  it('is logged once, and once with its duration when it is over', async () => {
    await server.client.me(asAdmin);
    await setWritable(false);
    await fillPages();
    await untilReady(REASON);
    const rejected = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? server.client.createUser(newUser(), asAdmin)
          : server.client.login(ADMIN.name, ADMIN.password),
      ),
    );
    await server.app.get(FailureCountPurge, { strict: false }).runOnce();
    await flushTokenUsage(server);
    const during = logged(/database|unavailable/i);
    await setWritable(true);
    await untilReady();

    expect(rejected.filter(({ status }) => status === 503).length).toBeGreaterThan(10);
    expect(during.map(({ level, msg }) => ({ level, msg }))).toContainEqual({
      level: 50,
      msg: 'The database accepts no changes. The server rejects changes and logins, and attempts a write every 500 ms',
    });
    expect(during.filter(({ msg }) => /Notifications/.test(String(msg)) === false)).toHaveLength(1);
    expect(logged(/accepts changes again/).filter(({ err }) => !err)).toEqual([
      expect.objectContaining({
        level: 30,
        msg: 'The database accepts changes again',
        seconds: expect.any(Number),
        failures: expect.any(Number),
      }),
    ]);
  });

  it('is logged with one stack when reported tokens and canaries cannot be changed', async () => {
    const users = { api: newUser(), canary: newUser() };
    await server.client.createUser(users.api, asAdmin);
    await server.client.createUser(users.canary, asAdmin);
    const create = async (kind: 'api' | 'canary') => {
      const { status, body } = await server.client.createUserToken(users[kind].name, asAdmin, { kind });
      expect(status).toBe(201);
      return body;
    };
    const tokens = await inTurn(20, () => create('api'));
    const canaries = await inTurn(20, () => create('canary'));
    await setWritable(false);
    await fillPages();
    await untilReady(REASON);

    // As if the report came just before. Its URLs need new pages of the file.
    const url = `https://example.org/${'x'.repeat(1_900)}`;
    server.app.get(LeakReports, { strict: false }).accept(
      tokens.map(({ token }) => ({ text: token ?? '', url })),
      { address: '192.0.2.1', agent: undefined, traceId: 'report' },
    );
    await settleLeakReports(server);
    for (const { token } of canaries) {
      await server.client.me({ Authorization: `Bearer ${token}` });
    }
    await settleCanaries(server);
    await settleCanaries(server);

    const lines = logged(/./);
    const stacks = lines.filter(({ msg, err }) => err && !/Notifications/.test(String(msg)));
    expect(stacks.map(({ msg }) => msg)).toEqual([expect.stringMatching('^The database accepts no changes')]);
    const ofTokens = lines.filter(({ msg }) => msg === 'Leaked tokens could not be revoked or disabled');
    expect(ofTokens.map(({ tokenIds }) => (tokenIds as string[]).length > 10)).toEqual([true]);
    const ofCanaries = lines.filter(({ msg }) => /^A canary was used/.test(String(msg)));
    expect(ofCanaries.length).toBeGreaterThan(10);
    expect(new Set(ofCanaries.map(({ tokenId }) => tokenId)).size).toBe(ofCanaries.length);
  });
});
