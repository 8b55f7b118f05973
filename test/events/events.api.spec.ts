import { describe, expect, it } from '@jest/globals';
import {
  type EventDeliveryDto,
  type EventDto,
  type EventTargetDto,
  EVENT_TARGETS_MAX,
  WAITING_DELIVERIES_MAX,
} from '@latchkey/auth-models';
import { verifyWebhook } from '@latchkey/client';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newApi, newRole, newUser, PASSWORD } from '../support/factories.js';
import { settleCanaries, useAdmin, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';
import { openSilentServer } from '../support/webhook-receiver.js';
import { useEventTargets } from './use-event-targets.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { receiver, settle, newTarget, remove, newToken, revoke, deliveriesTo, failingTargets, wait } =
  useEventTargets(server, asAdmin);

describe('POST /event-targets', () => {
  const create = (members: object) =>
    server.client.request('POST', '/event-targets', {
      headers: asAdmin,
      body: { name: newRole().name, types: ['token.created'], ...members },
    });

  it('returns 422 for members of the other kind', async () => {
    const wrong = [
      { kind: 'webhook', url: receiver.url, addresses: ['ops@example.org'] },
      { kind: 'email', toOwners: true, format: 'slack' },
    ];

    for (const members of wrong) {
      const { status, text } = await create(members);
      expect([status, text]).toEqual([422, expect.stringContaining('not_for_kind')]);
    }
  });

  it('returns 409 when there are 1,000 targets', async () => {
    await server.database.execute(
      `INSERT INTO event_targets ("name", "kind", "types", "enabled", "creationTime")
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${EVENT_TARGETS_MAX})
       SELECT 'many-' || n, 'email', '', false, 0 FROM numbers`,
    );
    const { status } = await create({ kind: 'email', toOwners: true });
    await server.database.execute(`DELETE FROM event_targets WHERE "name" LIKE 'many-%'`);

    expect(status).toBe(409);
  });
});

describe('GET /event-targets', () => {
  it('does not search in the path of a URL without events:write, because it can be a secret', async () => {
    const target = await newTarget({ url: 'https://hooks.example.com/services/T0SECRET', format: 'slack' });
    const role = newRole();
    await server.client.createRole({ ...role, permissions: ['events:read'] }, asAdmin);
    const user = { ...newUser(), password: PASSWORD };
    await server.client.createUser({ ...user, roles: [role.name] }, asAdmin);
    const asReader = await server.client.loginHeaders(user.name, user.password);
    const found = async (q: string, headers: Headers) =>
      (
        await server.client.request<{ items: EventTargetDto[] }>('GET', `/event-targets?q=${q}`, { headers })
      ).body.items.map(({ name, url }) => [name, url]);

    expect(await found('t0secret', asReader)).toEqual([]);
    expect(await found('hooks.example', asReader)).toEqual([[target.name, 'https://hooks.example.com']]);
    expect(await found('t0secret', asAdmin)).toHaveLength(1);
  });
});

describe('GET /event-targets/{name}/deliveries', () => {
  it('hides uses of canaries from a limited token without audit:read', async () => {
    const target = await newTarget({ types: ['token.canary_used'] });
    const { body: canary } = await server.client.createMyToken(asAdmin, { kind: 'canary', note: 'wiki' });
    await server.client.verify(tokenHeader(canary));
    await settleCanaries(server);
    await settle();
    const seenWith = async (permissions: string[]) => {
      const { body } = await server.client.createMyToken(asAdmin, { permissions });
      const path = `/event-targets/${target.name}/deliveries`;
      return (
        await server.client.request<{ items: EventDeliveryDto[] }>('GET', path, {
          headers: tokenHeader(body),
        })
      ).body.items;
    };

    expect(await seenWith(['events:read', 'audit:read'])).toHaveLength(1);
    expect(await seenWith(['events:read'])).toEqual([]);
  });
});

describe('GET /events', () => {
  it('records the reader in the audit trail', async () => {
    const reader = newUser();
    const role = newRole();
    await server.client.createRole({ ...role, permissions: ['events:read'] }, asAdmin);
    await server.client.createUser({ ...reader, password: PASSWORD, roles: [role.name] }, asAdmin);
    const headers = await server.client.loginHeaders(reader.name, PASSWORD);
    await server.client.request('GET', '/events', { headers });

    const { body } = await server.client.request<{ items: unknown[] }>(
      'GET',
      `/audit-events?action=audit_read&actor=${reader.name}`,
      { headers: asAdmin },
    );
    expect(body.items).toHaveLength(1);
  });

  it('hides uses of canaries from a limited token without audit:read', async () => {
    const { body: canary } = await server.client.createMyToken(asAdmin, { kind: 'canary', note: 'wiki' });
    await server.client.verify(tokenHeader(canary));
    await settleCanaries(server);
    const seenWith = async (permissions: string[]) => {
      const { body } = await server.client.createMyToken(asAdmin, { permissions });
      const headers = tokenHeader(body);
      const path = '/events?type=token.canary_used';
      const response = await server.client.request<{ items: EventDto[] }>('GET', path, { headers });
      expect(response.status).toBe(200);
      return response.body.items.map(({ data }) => data.tokens?.[0]?.id);
    };

    expect(await seenWith(['events:read', 'audit:read'])).toContain(canary.id);
    expect(await seenWith(['events:read'])).toEqual([]);
  });

  it('sends no uses of canaries for a limited token without audit:read', async () => {
    const existing = await newTarget({ types: ['token.canary_used'] });
    const changeWith = async (permissions: string[]) => {
      const { body } = await server.client.createMyToken(asAdmin, { permissions });
      const target = { name: newRole().name, kind: 'email', toOwners: true, types: ['token.canary_used'] };
      const headers = tokenHeader(body);
      const created = await server.client.request('POST', '/event-targets', { headers, body: target });
      const redirected = await server.client.request('PATCH', `/event-targets/${existing.name}`, {
        headers,
        body: { url: `${receiver.url}/other`, version: 0 },
      });
      return [created.status, redirected.status];
    };

    expect(await changeWith(['events:write'])).toEqual([403, 403]);
    expect(await changeWith(['events:write', 'audit:read'])).toEqual([201, 200]);
    await remove(existing);
  });

  it('has a link that skips entries that are no events', async () => {
    const token = await newToken();
    const { body } = await server.client.request<{ items: EventDto[] }>('GET', '/events', {
      headers: asAdmin,
    });
    expect(body.items[0]?.data.tokens?.[0]?.id).toBe(token.id);
    const { name, password = '' } = newUser();
    await server.client.createUser({ name, password }, asAdmin);
    await server.client.login(name, password);
    const path = `/events?after=${body.items[0]?.id}`;
    const later = await server.client.request<{ items: EventDto[] }>('GET', path, { headers: asAdmin });

    expect(later.body.items).toEqual([]);
    expect(later.headers.get('link')).toMatch(/after=[\w-]+[^>]*>; rel="next"/);
    expect(later.headers.get('link')).not.toContain(body.items[0]?.id);
  });

  it('lists the events after an event, oldest first', async () => {
    const first = await newToken();
    const { body } = await server.client.request<{ items: EventDto[] }>('GET', '/events?type=token.created', {
      headers: asAdmin,
    });
    const newest = body.items[0];
    expect(newest?.data.tokens?.[0]?.id).toBe(first.id);

    const second = await newToken();
    await revoke(second.id);
    const { body: later } = await server.client.request<{ items: EventDto[] }>(
      'GET',
      `/events?after=${newest?.id}`,
      { headers: asAdmin },
    );

    expect(later.items.map(({ type, data }) => [type, data.tokens?.[0]?.id])).toEqual([
      ['token.created', second.id],
      ['token.revoked', second.id],
    ]);
  });
});

describe('a webhook', () => {
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
    await server.database.execute(
      `INSERT INTO event_deliveries (id, target, sequence, event, type, subject, state, "creationTime")
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${WAITING_DELIVERIES_MAX})
       SELECT 'waiting-' || n, '${target.name}', -n, 'event', 'token.created', 'anna', 'waiting', 0 FROM numbers`,
    );
    await newToken();
    await settle();

    const { body } = await server.client.request<EventTargetDto>('GET', `/event-targets/${target.name}`, {
      headers: asAdmin,
    });
    expect(body).toMatchObject({ enabled: false, disabledReason: 'too_many_waiting', waiting: 0 });
    expect(receiver.requests).toHaveLength(0);
  });
});
