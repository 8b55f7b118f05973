import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import {
  type EventDeliveryDto,
  type EventTargetDto,
  type RedeliveredDto,
  WAITING_DELIVERIES_MAX,
} from '@latchkey/auth-models';
import { verifyWebhook } from '@latchkey/client';
import { AuditEntries } from '../../apps/api/src/audit/search/audit-entries.service.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { EventDeliveriesRepository } from '../../apps/api/src/events/deliveries/event-deliveries.repository.js';
import { type EventDelivery } from '../../apps/api/src/events/deliveries/event-delivery.entity.js';
import { EventTargetsRepository } from '../../apps/api/src/events/targets/event-targets.repository.js';
import { SenderLease } from '../../apps/api/src/events/sender/sender-lease.service.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { newApi } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';
import { openSilentServer } from '../support/webhook-receiver.js';
import { useEventTargets } from './use-event-targets.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { receiver, settle, newTarget, remove, newToken, revoke } = useEventTargets(server, asAdmin);

async function failingTargets(): Promise<string[]> {
  const { body } = await server.client.request<{ items: EventTargetDto[] }>(
    'GET',
    '/event-targets?failing=true',
    { headers: asAdmin },
  );
  return body.items.map(({ name }) => name);
}

const deliveriesTo = async ({ name }: EventTargetDto) =>
  (
    await server.client.request<{ items: EventDeliveryDto[] }>('GET', `/event-targets/${name}/deliveries`, {
      headers: asAdmin,
    })
  ).body.items;

/** Moves the clock of the server. */
function wait(milliseconds: number): void {
  const now = server.app.get(Clock, { strict: false }).now();
  jest.spyOn(Clock.prototype, 'now').mockReturnValue(now + milliseconds);
}

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

  it('receives events at a time before its creation, when the clock was set back', async () => {
    await newTarget();
    wait(-60_000);
    const token = await newToken();
    await settle();

    expect(receiver.events.map(({ data }) => data.tokens?.[0]?.id)).toEqual([token.id]);
  });

  it('receives nothing that happened while it was disabled', async () => {
    const target = await newTarget();
    const patch = (body: object) =>
      server.client.request('PATCH', `/event-targets/${target.name}`, { headers: asAdmin, body });
    await patch({ enabled: false, version: 0 });
    await newToken();
    expect((await patch({ enabled: true, version: 1 })).status).toBe(200);
    const later = await newToken();
    await settle();

    expect(receiver.events.map(({ data }) => data.tokens?.[0]?.id)).toEqual([later.id]);
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

  it('receives each event once if there are more deliveries than one transaction inserts', async () => {
    for (let index = 0; index < 26; index += 1) {
      await newTarget();
    }
    const { user } = await newToken('0');
    for (let note = 1; note < 20; note += 1) {
      const body = { note: String(note), expiresIn: 3_600 };
      await server.client.request('POST', `/users/${user}/tokens`, { headers: asAdmin, body });
    }
    await settle();

    expect(receiver.requests).toHaveLength(26 * 20);
  });

  it('is signed with the old secret too, for a day after a rotation', async () => {
    const target = await newTarget();
    const path = `/event-targets/${target.name}`;
    const { body: rotated } = await server.client.request<EventTargetDto>('POST', `${path}/rotate`, {
      headers: asAdmin,
    });
    receiver.status = 500;
    await newToken();
    const acceptedAfter = async (hours: number) => {
      wait(hours * 3_600_000);
      await settle();
      const time = server.app.get(Clock, { strict: false }).now();
      jest.restoreAllMocks();
      const { body = '', headers = {} } = receiver.requests.at(-1) ?? {};
      const verify = (secret = '') => verifyWebhook(body, headers, secret, { now: () => time });
      const results = await Promise.allSettled([target.secret, rotated.secret].map(verify));
      return results.map(({ status }) => status === 'fulfilled');
    };

    expect(await acceptedAfter(23)).toEqual([true, true]);
    expect(await acceptedAfter(25)).toEqual([false, true]);
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

  it('receives many events of one user in order', async () => {
    const target = await newTarget();
    const { user } = await newToken('0');
    for (let note = 1; note < 12; note += 1) {
      const body = { note: String(note), expiresIn: 3_600 };
      await server.client.request('POST', `/users/${user}/tokens`, { headers: asAdmin, body });
    }
    await settle();

    const notes = receiver.events.map(({ data }) => data.tokens?.[0]?.note);
    expect(notes).toEqual(Array.from({ length: 12 }, (_, note) => String(note)));
    expect((await deliveriesTo(target)).every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('does not wait for another one that does not respond', async () => {
    const silent = await openSilentServer();
    await newTarget({ url: silent.url });
    const [first, second] = [await newToken(), await newToken()];
    const settled = settle();
    await newTarget();
    const third = await newToken();
    void settle();

    await waitUntil(() => receiver.events.length > 0);
    expect(receiver.events.map(({ data }) => data.tokens?.[0]?.id)).toEqual([third.id]);
    // A target that has not answered gets one request at a time.
    expect([silent.sockets.length, first.id === second.id]).toEqual([1, false]);
    await silent.close();
    await settled;
  });

  it('gets few test events at a time, and none while many wait', async () => {
    const silent = await openSilentServer();
    const { name } = await newTarget({ url: silent.url });
    let rejected = 0;
    const tests = Array.from({ length: 60 }, async () => {
      const { status } = await server.client.request('POST', `/event-targets/${name}/test`, {
        headers: asAdmin,
      });
      rejected += Number(status === 503);
      return status;
    });

    await waitUntil(() => rejected > 0 && silent.sockets.length >= 4);
    expect(silent.sockets).toHaveLength(4);
    await silent.close();
    expect(new Set(await Promise.all(tests))).toEqual(new Set([200, 503]));
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

  it('needs an API that exists when it is set', async () => {
    const api = newApi('read');
    await server.client.createApi(api, asAdmin);
    const target = await newTarget({ api: api.name });
    const patch = (body: object) =>
      server.client.request('PATCH', `/event-targets/${target.name}`, { headers: asAdmin, body });
    await server.client.deleteApi(api.name, asAdmin);

    expect((await patch({ api: 'api-missing', version: 0 })).body).toMatchObject({
      errors: [{ pointer: '/api', code: 'unknown_api' }],
    });
    expect((await patch({ api: api.name, types: ['token.leaked'], version: 0 })).status).toBe(200);
  });

  it('is disabled when the receiver responds with 410', async () => {
    const target = await newTarget();
    receiver.status = 410;
    await newToken();
    await settle();

    const { body } = await server.client.request<EventTargetDto>('GET', `/event-targets/${target.name}`, {
      headers: asAdmin,
    });
    expect(body).toMatchObject({ enabled: false, disabledReason: 'gone', waiting: 0 });
    expect(await deliveriesTo(target)).toMatchObject([
      { state: 'failed', status: 410, error: 'The receiver responded with 410.' },
    ]);
    expect(await failingTargets()).toEqual([target.name]);
  });

  it('is disabled when 10,000 deliveries wait', async () => {
    const target = await newTarget();
    const waiting = Array.from({ length: WAITING_DELIVERIES_MAX }, (_, index): EventDelivery => ({
      id: randomUUID(),
      target: target.name,
      sequence: -index,
      recipient: '',
      event: randomUUID(),
      type: 'token.created',
      subject: 'anna',
      state: 'waiting',
      creationTime: Date.now(),
      attempts: 0,
      lastAttemptTime: null,
      nextAttemptTime: null,
      milliseconds: null,
      status: null,
      error: null,
    }));
    const deliveries = server.app.get(EventDeliveriesRepository, { strict: false });
    await server.app
      .get(Writes, { strict: false })
      .transaction((tx) => deliveries.insert(waiting, tx), 'none');
    await newToken();
    await settle();

    const { body } = await server.client.request<EventTargetDto>('GET', `/event-targets/${target.name}`, {
      headers: asAdmin,
    });
    expect(body).toMatchObject({ enabled: false, disabledReason: 'too_many_waiting', waiting: 0 });
    expect(receiver.requests).toHaveLength(0);
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
