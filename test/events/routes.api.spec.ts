import { describe, expect, it } from '@jest/globals';
import {
  type EventDeliveryDto,
  type EventDto,
  type EventTargetDto,
  EVENT_TARGETS_MAX,
} from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { settleCanaries, useAdmin, useServer } from '../support/use-server.js';
import { useEventTargets } from './use-event-targets.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { receiver, settle, newTarget, remove, newToken, revoke } = useEventTargets(server, asAdmin);

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
