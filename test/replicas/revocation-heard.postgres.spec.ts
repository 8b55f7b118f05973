import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Headers } from '../support/api-client.js';
import { CommandLine } from '../support/command-line.js';
import { IS_DEEP } from '../support/deep.js';
import { FeedClient } from '../support/feed-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { serverOn, type ServerProcess } from '../support/server-process.js';
import { REVOCATIONS } from '../support/revocations.js';
import { useReplicas } from '../support/use-replicas.js';
import { type TokenWithHeaders } from '../support/use-tokens.js';
import { waitUntil } from '../support/wait-until.js';

const ROUNDS = IS_DEEP ? 20 : 5;
const PAYLOAD = /^(all|user:[0-9a-f-]{36}(,[0-9a-f-]{36})*)$/;

const replicas = useReplicas();
let first: ServerProcess;
let second: ServerProcess;
/** Replicas that must reject what the first one revokes. */
let others: ServerProcess[];
let asAdmin: Headers;

beforeAll(async () => {
  first = await replicas.startReceiving();
  second = await replicas.startReceiving();
  others = [second, ...(IS_DEEP ? [await replicas.startReceiving()] : [])];
  asAdmin = await replicas.asAdmin(first);
});

/** Waits until all other replicas have cached a token, and returns it. */
async function warm(created: Promise<TokenWithHeaders>) {
  const token = await created;
  await Promise.all(others.map((server) => replicas.warm(server, token)));
  return token;
}

describe('a token cached by other replicas', () => {
  it.each(REVOCATIONS)('is rejected by all of them after %s on another', async (_, end) => {
    const token = await warm(replicas.signUp(first, asAdmin));

    const { status } = await end(token, first.client, asAdmin);

    expect(Math.floor(status / 100)).toBe(2);
    for (const server of others) {
      await replicas.lagOf(server, token);
      expect(await replicas.verify(server, token)).toBe(401);
    }
  });

  it('is in the feed that another one sends to verifiers', async () => {
    const { body: user } = await first.client.createUser(newUser(), asAdmin);
    const { body: token } = await first.client.createUserToken(user.name, asAdmin, {});
    const feed = await FeedClient.open(second.client.baseUrl, asAdmin);

    await first.client.revokeToken(token.id, asAdmin);

    await feed.event(({ name, data }) => name === 'user' && data.id === user.id);
    feed.close();
  });

  it('has metrics of the notification delay', async () => {
    const { text } = await second.client.request('GET', '/metrics', { headers: asAdmin });

    const [, count] = /^latchkey_notification_round_trip_seconds_count (\d+)$/m.exec(text) ?? [];
    expect(Number(count)).toBeGreaterThan(0);
    expect(text).toMatch(/^latchkey_notifications_working 1$/m);
  });

  it('loses a permission that is removed from its role', async () => {
    const role = newRole({ permissions: ['users:read'] });
    const { version } = (await first.client.createRole(role, asAdmin)).body;
    const { name } = newUser();
    await first.client.createUser(newUser({ name, roles: [role.name] }), asAdmin);
    const holder = await first.client.loginHeaders(name, PASSWORD);
    await waitUntil(
      () => second.client.users(holder),
      ({ status }) => status === 200,
    );

    await first.client.updateRole(role.name, { permissions: ['roles:read'], version }, asAdmin);

    await waitUntil(
      () => second.client.users(holder),
      ({ status }) => status === 403,
    );
    expect((await second.client.users(holder)).status).toBe(403);
  });

  // Covers B26 in docs/explanation/security.md.
  it('is rejected by another replica after a revocation, in several rounds', async () => {
    const lags: number[] = [];
    let accepted = 0;
    let acceptedAgain = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const token = await warm(replicas.createToken(first, asAdmin));
      expect((await first.client.revokeToken(token.id, asAdmin)).status).toBe(204);
      const lag = await replicas.lagOf(second, token);
      lags.push(lag.milliseconds);
      accepted += lag.accepted;
      acceptedAgain += Number((await replicas.verify(second, token)) !== 401);
    }
    lags.sort((a, b) => a - b);
    const at = (share: number) => lags[Math.ceil(share * lags.length) - 1]!;

    process.stdout.write(
      `Revoked through another replica, ${ROUNDS} rounds: rejected after p50 ${at(0.5).toFixed(1)}, p99 ${at(0.99).toFixed(1)}, ` +
        `max ${at(1).toFixed(1)} ms; ${accepted} requests accepted until then\n`,
    );
    expect(acceptedAgain).toBe(0);
  });

  it('is rejected after the revoke command', async () => {
    const token = await warm(replicas.createToken(first, asAdmin));
    const { folder } = replicas.database;

    await new CommandLine(serverOn(replicas.database), folder).json('revoke', token.id);

    await replicas.lagOf(second, token);
    expect(await replicas.verify(second, token)).toBe(401);
  });

  it.each([
    ['empty', ''],
    ['a word', 'nobody'],
    ['of no id', 'user:anne'],
    ['as long as may be', 'x'.repeat(7_999)],
  ])('is read again, and stays valid, after a foreign notification: %s', async (_, payload) => {
    const token = await warm(replicas.createToken(first, asAdmin));

    await replicas.sql.query('SELECT pg_notify($1, $2)', ['latchkey_revocation', payload]);
    await waitUntil(async () => !(await replicas.isCached(second, token)));

    expect(await replicas.verify(second, token)).toBe(200);
  });
});

describe('a notification', () => {
  it('names exactly the affected users', async () => {
    const payloads: string[] = [];
    const listener = new pg.Client({ connectionString: replicas.database.url });
    await listener.connect();
    listener.on('notification', ({ payload = '' }) => payloads.push(payload));
    await listener.query('LISTEN latchkey_revocation');
    const toldBy = async (act: () => Promise<unknown>) => {
      payloads.length = 0;
      await act();
      // The commit sends the notification, before the response.
      await listener.query('SELECT 1');
      return [...payloads];
    };
    const session = await replicas.signUp(first, asAdmin);
    const affected = [await replicas.signUp(first, asAdmin), await replicas.signUp(first, asAdmin)];
    const { id } = (await first.client.user(session.user, asAdmin)).body;
    const ids = affected.map(({ user }) => user);
    const otherIds = await Promise.all(
      ids.map(async (name) => (await first.client.user(name, asAdmin)).body.id),
    );

    const byQuietActs = await toldBy(async () => {
      await first.client.login(session.user, PASSWORD);
      await first.client.login(session.user, 'a wrong password');
      await first.client.bump(session.headers);
      await first.client.createMyToken(session.headers);
      await first.client.bulkUsers({ action: 'enable', ids }, asAdmin);
    });
    const byBulk = await toldBy(() => first.client.bulkUsers({ action: 'disable', ids }, asAdmin));
    const byLogout = await toldBy(() => first.client.logout(session.headers));
    await listener.end();

    expect(byQuietActs).toEqual([]);
    expect(byBulk.flatMap((payload) => payload.slice('user:'.length).split(',')).sort()).toEqual(
      otherIds.sort(),
    );
    expect(byLogout).toEqual([`user:${id}`]);
    expect([...byBulk, ...byLogout].filter((payload) => !PAYLOAD.test(payload))).toEqual([]);
  });
});
