import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { TransactionPooler } from './transaction-pooler.js';
import { type ServerProcess } from '../support/server-process.js';
import { StallingProxy } from '../support/stalling-proxy.mjs';
import { RECEIVING, NOT_RECEIVING, timesLogged, useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const LISTENER = 'latchkey listener';
const NOT_DELIVERED = /^PostgreSQL notifications do not arrive, .* DATABASE_URL .* session mode\.$/;
/** Time that the process is stopped: longer than the server trusts its last notification. */
const STOPPED_MILLISECONDS = 2_500;

const replicas = useReplicas();
let proxy: StallingProxy;
let first: ServerProcess;
let second: ServerProcess;
let asAdmin: Headers;

beforeAll(async () => {
  first = await replicas.startReceiving();
  proxy = await StallingProxy.open(replicas.database.url);
  second = await replicas.startReceiving({ DATABASE_URL: proxy.url });
  asAdmin = await replicas.asAdmin(first);
});

afterEach(async () => {
  proxy.resume();
  await hears(second);
});

afterAll(() => proxy.close());

const remarks = async ({ client }: ServerProcess) => (await client.ready()).body.remarks;
const hears = (server: ServerProcess) =>
  waitUntil(
    () => remarks(server),
    (all) => all === undefined,
  );

async function warmToken() {
  const token = await replicas.createToken(first, asAdmin);
  await replicas.warm(second, token);
  return token;
}

const revoke = async ({ id }: { id: string }) =>
  expect((await first.client.revokeToken(id, asAdmin)).status).toBe(204);

const killListeners = () =>
  replicas.sql.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
    [LISTENER],
  );

describe('a replica that no longer receives notifications', () => {
  it('does not cache, and reports it while it serves', async () => {
    const revoked = await warmToken();
    const other = await warmToken();
    proxy.cut(LISTENER);
    await waitUntil(() => remarks(second));

    await revoke(revoked);

    expect(await replicas.verify(second, revoked)).toBe(401);
    expect([await replicas.verify(second, other), await replicas.isCached(second, other)]).toEqual([
      200,
      false,
    ]);
    const { status, body } = await second.client.ready();
    expect([status, body]).toEqual([200, { status: 'ok', remarks: [NOT_RECEIVING] }]);
  });

  it('listens again by itself, with an empty cache', async () => {
    const revoked = await warmToken();
    const other = await warmToken();
    const [heard, lost] = [RECEIVING, NOT_RECEIVING].map((message) => timesLogged(second, message));
    proxy.cut(LISTENER);
    await waitUntil(() => remarks(second));
    await revoke(revoked);
    // Several attempts to reconnect fail in the meantime.
    await pause(1_000);

    proxy.resume();
    await hears(second);

    expect(await replicas.verify(second, revoked)).toBe(401);
    await replicas.warm(second, other);
    expect([RECEIVING, NOT_RECEIVING].map((message) => timesLogged(second, message))).toEqual([
      heard! + 1,
      lost! + 1,
    ]);
  });

  it('discards its cache after the process was suspended', async () => {
    const token = await warmToken();
    second.child.kill('SIGSTOP');
    try {
      await revoke(token);
      const answer = replicas.verify(second, token);
      await pause(STOPPED_MILLISECONDS);
      second.child.kill('SIGCONT');

      expect(await answer).toBe(401);
    } finally {
      second.child.kill('SIGCONT');
    }
  });
});

describe('a replica that loses its connection', () => {
  it('rejects revoked tokens in time when PostgreSQL closes it, in several rounds', async () => {
    for (let round = 0; round < 8; round += 1) {
      const token = await warmToken();
      await Promise.all([killListeners(), revoke(token)]);
      await replicas.lagOf(second, token);
      await hears(second);
      // Cached entries from before do not return with the connection.
      expect(await replicas.verify(second, token)).toBe(401);
    }
  });
});

describe('a replica that starts', () => {
  it('serves and reports it while it cannot listen, and stops once it listens', async () => {
    proxy.cut(LISTENER);
    const third = await replicas.start({ DATABASE_URL: proxy.url });
    await waitUntil(() => remarks(third));
    const token = await replicas.createToken(first, asAdmin);
    await replicas.verify(third, token);

    expect(await remarks(third)).toEqual([NOT_RECEIVING]);
    expect(await replicas.isCached(third, token)).toBe(false);

    proxy.resume();
    await hears(third);
    await replicas.warm(third, token);
    const lost = timesLogged(third, NOT_RECEIVING);
    expect(await third.stop()).toBe(0);
    expect(timesLogged(third, NOT_RECEIVING)).toBe(lost);
  });
});

describe('a replica', () => {
  it('notices in time that it is cut silently', async () => {
    const lags: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const token = await warmToken();
      // At a different moment between two heartbeats each time.
      await pause(round * 100);
      proxy.stall(LISTENER);
      await revoke(token);
      lags.push((await replicas.lagOf(second, token)).milliseconds);
      await waitUntil(() => remarks(second));
      proxy.resume();
      await hears(second);
      expect(await replicas.verify(second, token)).toBe(401);
    }
    const most = Math.max(...lags);

    process.stdout.write(`Revoked while notification was cut: rejected after at most ${most.toFixed()} ms\n`);
  });

  it('does not cache behind a pooler that drops notifications, and logs advice', async () => {
    const pooler = await TransactionPooler.open(replicas.database.url);
    try {
      const third = await replicas.start({ DATABASE_URL: pooler.url });
      await waitUntil(() => remarks(third));
      const token = await replicas.createToken(first, asAdmin);
      // Enough for two attempts.
      await pause(1_500);
      await replicas.verify(third, token);

      expect(await remarks(third)).toEqual([expect.stringMatching(NOT_DELIVERED)]);
      expect(await replicas.isCached(third, token)).toBe(false);
      expect([
        timesLogged(third, RECEIVING),
        timesLogged(third, NOT_RECEIVING),
        timesLogged(third, 'PostgreSQL notifications'),
      ]).toEqual([0, 0, 1]);
      expect(await third.stop()).toBe(0);
    } finally {
      pooler.close();
    }
  });

  it('exits in time when its listening connection is stalled', async () => {
    const third = await replicas.startReceiving({ DATABASE_URL: proxy.url });
    proxy.stall(LISTENER);

    // A server that waits for the connection exits with 1 after LATCHKEY_SHUTDOWN_SECONDS.
    expect(await third.stop()).toBe(0);
    expect(timesLogged(third, NOT_RECEIVING)).toBe(0);
  });
});
