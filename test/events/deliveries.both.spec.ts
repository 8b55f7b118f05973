import { describe, expect, it, jest } from '@jest/globals';
import { type EventTargetDto, type RedeliveredDto } from '@latchkey/auth-models';
import { AuditEntries } from '../../apps/api/src/audit/search/audit-entries.service.js';
import { EventTargetsRepository } from '../../apps/api/src/events/targets/event-targets.repository.js';
import { SenderLease } from '../../apps/api/src/events/sender/sender-lease.service.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';
import { useEventTargets } from './use-event-targets.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { receiver, settle, newTarget, remove, newToken, revoke, deliveriesTo, failingTargets, wait } =
  useEventTargets(server, asAdmin);

describe('a webhook', () => {
  it('receives the events of its types, with the token, its owner and its note', async () => {
    const target = await newTarget();
    const token = await newToken();
    await settle();

    expect(receiver.events).toMatchObject([
      {
        type: 'token.created',
        data: {
          actor: { name: 'admin' },
          users: [{ name: token.user }],
          tokens: [{ id: token.id, user: token.user, tokenPreview: token.tokenPreview, note: 'deploy' }],
        },
      },
    ]);
    expect(await deliveriesTo(target)).toMatchObject([{ state: 'delivered', attempts: 1, status: 204 }]);
  });

  it('receives nothing about others if it is limited to a user', async () => {
    const [token, other] = [await newToken(), await newToken()];
    await newTarget({ user: token.user, types: ['token.revoked'] });
    await server.client.bulkTokens({ action: 'revoke', ids: [token.id, other.id] }, asAdmin);
    await settle();

    expect(receiver.events.map(({ data }) => [data.users, data.tokens])).toMatchObject([
      [[{ name: token.user }], [{ id: token.id }]],
    ]);
    expect(receiver.requests[0]?.body).not.toContain(other.user);
  });

  it('receives failed deliveries at once when its URL is corrected', async () => {
    receiver.status = 404;
    const target = await newTarget();
    await newToken();
    await settle();
    receiver.status = 204;
    await settle();
    expect(receiver.requests).toHaveLength(1);

    const body = { url: `${receiver.url}/corrected`, version: 0 };
    await server.client.request('PATCH', `/event-targets/${target.name}`, { headers: asAdmin, body });
    await settle();

    expect(await deliveriesTo(target)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('receives nothing while it is disabled, even if deliveries wait', async () => {
    const target = await newTarget();
    const token = await newToken();
    await settle();
    await server.database.execute(
      `UPDATE event_deliveries SET state = 'waiting', "nextAttemptTime" = 1 WHERE target = '${target.name}'`,
    );
    await server.database.execute(`UPDATE event_targets SET enabled = false WHERE name = '${target.name}'`);
    const work = jest.spyOn(server.app.get(EventTargetsRepository, { strict: false }), 'findByNames');
    await settle();

    expect([receiver.requests.length, work.mock.calls]).toEqual([1, []]);
    expect(receiver.events[0]?.data.tokens?.[0]?.id).toBe(token.id);
  });

  it('gives up what waits when it is disabled', async () => {
    receiver.status = 500;
    const target = await newTarget();
    await newToken();
    await settle();
    const body = { enabled: false, version: 0 };
    await server.client.request('PATCH', `/event-targets/${target.name}`, { headers: asAdmin, body });

    expect(await deliveriesTo(target)).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });

  it('receives later events of a user after the earlier ones that failed', async () => {
    await newTarget();
    receiver.status = 500;
    const token = await newToken();
    const other = await newToken();
    await settle();
    await revoke(token.id);
    await settle();
    expect(receiver.events.map(({ type }) => type)).toEqual(['token.created', 'token.created']);

    receiver.status = 204;
    wait(6_000);
    await settle();
    wait(1_000);
    await settle();

    const typesOf = (user: string) =>
      receiver.events.filter(({ data }) => data.users?.[0]?.name === user).map(({ type }) => type);
    expect(typesOf(token.user).slice(-2)).toEqual(['token.created', 'token.revoked']);
    expect(typesOf(other.user).at(-1)).toBe('token.created');
  });

  it('receives an event that follows its creation at once', async () => {
    let target: EventTargetDto | undefined;
    const entries = server.app.get(AuditEntries, { strict: false });
    const newest = entries.newest.bind(entries);
    // The first read of the sender, of the trail or of the targets, is before the target is created.
    jest.spyOn(entries, 'newest').mockImplementationOnce(async () => {
      target = await newTarget();
      await newToken();
      return newest();
    });
    await settle();
    await settle();

    expect(receiver.events.map(({ type }) => type)).toEqual(['token.created']);
    await remove(target!);
  });

  it('receives only tokens with a permission of its API', async () => {
    await newTarget({ api: 'users' });
    await newToken();
    const { body: limited } = await server.client.createMyToken(asAdmin, { permissions: ['users:read'] });
    await settle();

    expect(receiver.events.flatMap(({ data }) => data.tokens?.map(({ id }) => id))).toEqual([limited.id]);
  });

  it('is listed as failing after a day', async () => {
    const target = await newTarget();
    receiver.status = 503;
    await newToken();
    await settle();
    const inTime = await failingTargets();
    wait(86_400_000);

    expect(inTime).toEqual([]);
    expect(await failingTargets()).toEqual([target.name]);
    jest.restoreAllMocks();
  });

  it('receives redelivered events: all since a time, or one', async () => {
    const since = new Date(Date.now() - 1_000).toISOString();
    const token = await newToken();
    const target = await newTarget({ user: token.user });
    const redeliver = (body: object) =>
      server.client.request<RedeliveredDto>('POST', `/event-targets/${target.name}/redeliver`, {
        headers: asAdmin,
        body,
      });

    expect((await redeliver({ since })).body).toEqual({ count: 1 });
    await settle();
    const [event] = receiver.events;
    expect(event?.data.tokens?.[0]?.id).toBe(token.id);

    expect((await redeliver({ event: event?.id })).body).toEqual({ count: 1 });
    await settle();
    expect(receiver.events).toEqual([event, event]);

    const unknown = await redeliver({ event: target.name });
    expect([unknown.status, unknown.text]).toEqual([422, expect.stringContaining('event_unknown')]);
  });
});

describe('the sender', () => {
  it('stores its position although no target receives the entries', async () => {
    await settle();
    await newToken();
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 10_000);
    await settle();
    jest.spyOn(performance, 'now').mockReturnValue(now + 20_000);
    await settle();

    const [row] = await server.database.query<{ sequence: number | string }>('SELECT * FROM event_sender');
    const { sequence } = server.app.get(SenderLease, { strict: false });
    expect([Number(row?.sequence), await server.app.get(AuditEntries, { strict: false }).newest()]).toEqual([
      sequence,
      sequence,
    ]);
  });

  it('queues nothing after another process has taken over', async () => {
    const target = await newTarget();
    await newToken();
    await settle();
    receiver.requests.length = 0;
    await server.database.execute(`UPDATE event_sender SET "holder" = 'another process'`);
    const { id } = await newToken();
    await settle();

    expect([receiver.requests.length, (await deliveriesTo(target)).length]).toEqual([0, 1]);
    await server.database.execute(`UPDATE event_sender SET "holder" = ''`);
    await settle();
    expect(receiver.events.map(({ data }) => data.tokens?.[0]?.id)).toEqual([id]);
  });

  it('does not store the result of a delivery that was given up meanwhile', async () => {
    const target = await newTarget();
    let respond: (status: number) => void = () => undefined;
    receiver.status = new Promise((resolve) => (respond = resolve));
    await newToken();
    const settled = settle();
    await waitUntil(() => receiver.requests.length > 0);
    await server.client.request('PATCH', `/event-targets/${target.name}`, {
      headers: asAdmin,
      body: { enabled: false, version: target.version },
    });
    respond(204);
    await settled;

    expect(await deliveriesTo(target)).toMatchObject([{ state: 'failed', attempts: 0 }]);
  });

  it('does not give up or delay deliveries because the clock was ahead', async () => {
    receiver.status = 500;
    const target = await newTarget();
    await newToken();
    await settle();
    wait(60 * 86_400_000);
    await settle();

    jest.restoreAllMocks();
    receiver.status = 204;
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 700_000);
    await settle();
    await settle();

    expect(await deliveriesTo(target)).toMatchObject([{ state: 'delivered', attempts: 3 }]);
  });

  it('takes over from another process whose lease has not changed for 12 seconds', async () => {
    await newTarget();
    await settle();
    const now = performance.now();
    const settleAfter = async (seconds: number) => {
      jest.spyOn(performance, 'now').mockReturnValue(now + seconds * 1_000);
      await settle();
      return receiver.requests.length;
    };
    await server.database.execute(`UPDATE event_sender SET holder = 'another'`);
    await newToken();

    // The first renewal fails, and the next attempts observe the lease. Only one process can use SQLite.
    const counts = [await settleAfter(2_000), await settleAfter(2_001), await settleAfter(2_012)];
    expect(counts).toEqual(globalThis.DATABASE_KIND === 'postgres' ? [0, 0, 0] : [0, 1, 1]);
    expect(await settleAfter(2_014)).toBe(1);
  });

  it('deletes deliveries after 30 days', async () => {
    const target = await newTarget();
    await newToken();
    await settle();
    const cleanUpAfter = async (days: number, start: number) => {
      wait(days * 86_400_000);
      jest.spyOn(performance, 'now').mockReturnValue(start);
      await settle();
      jest.restoreAllMocks();
      return (await deliveriesTo(target)).length;
    };
    const now = performance.now();

    expect(await cleanUpAfter(29, now + 4_000_000)).toBe(1);
    expect(await cleanUpAfter(31, now + 5_000_000)).toBe(0);
  });
});
