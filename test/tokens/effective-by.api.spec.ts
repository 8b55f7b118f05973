import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AffectedUsers } from '../../apps/api/src/platform/database/affected-users.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { FEATURES } from '../../apps/api/src/features.js';
import { type ApiResponse } from '../support/api-client.js';
import { AUDITED_ROUTES, AuditFixtures } from '../support/audited-routes.js';
import { useAdmin, useServer } from '../support/use-server.js';

const LEASE = 2_000;

/** Routes that revoke, rotate, disable or narrow something. Those that only create are not among them. */
const EFFECTIVE = [
  'DELETE /apis/:name',
  'DELETE /me/offers/:id',
  'DELETE /me/tokens',
  'DELETE /offers/:id',
  'DELETE /roles/:name',
  'DELETE /tokens/:id',
  'DELETE /tokens/:id/superseded',
  'DELETE /users/:name',
  'DELETE /users/:name/tokens',
  'PATCH /apis/:name',
  'PATCH /roles/:name',
  'PATCH /tokens/:id',
  'PATCH /users/:name',
  'POST /auth/logout',
  'POST /auth/set-up',
  'POST /offers/:id/reject',
  'POST /tokens/:id/rotate',
  'POST /tokens/bulk',
  'POST /users/:name/set-up-link',
  'POST /users/bulk',
  'PUT /me/password',
  'PUT /users/:name/password',
];

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
const fixtures = new AuditFixtures(server, asAdmin);
/** Users whose cached tokens other processes had to drop. */
let notified: AffectedUsers[];
/**
 * Time after the latest commit that others had to learn of, or else of the request. Other commits, such as
 * last uses, come at any time.
 */
let committedAt: number;

const isOfInterest = (users: AffectedUsers): boolean => users !== 'none' && users.length > 0;

beforeAll(() => {
  server.app.get(Writes).onEnd((_, others) => {
    notified.push(others);
    committedAt = isOfInterest(others) ? Date.now() : committedAt;
  });
});

const revoke = async (prefer: string, revoked = fixtures.createToken()): Promise<ApiResponse<unknown>> => {
  const { id } = await revoked;
  return server.client.request('DELETE', `/tokens/${id}`, { headers: { ...asAdmin, Prefer: prefer } });
};

describe('every route that writes', () => {
  it.each(Object.keys(AUDITED_ROUTES))(
    'returns the time of effect if it revokes, disables or narrows something: %s',
    async (route) => {
      const send = await AUDITED_ROUTES[route]!.prepare(fixtures);
      notified = [];
      committedAt = Date.now();
      const { headers, body } = await send();
      const endedAt = Date.now();

      const effectiveBy = headers.get('x-auth-effective-by');
      const isEffective = EFFECTIVE.includes(route);
      expect(effectiveBy !== null).toBe(isEffective);
      if (isEffective) {
        expect(effectiveBy).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(Date.parse(effectiveBy ?? '')).toBeGreaterThanOrEqual(committedAt + LEASE);
        expect(Date.parse(effectiveBy ?? '')).toBeLessThanOrEqual(endedAt + LEASE);
        // The response of a logout has one member only.
        const hasMember = body !== undefined && route !== 'POST /auth/logout';
        expect((body as { effectiveBy?: string } | undefined)?.effectiveBy).toBe(
          hasMember ? effectiveBy : undefined,
        );
      } else {
        // No verifier and no replica has to learn of it.
        expect(notified.filter(isOfInterest)).toEqual([]);
        expect(body ?? {}).not.toHaveProperty('effectiveBy');
      }
    },
  );

  it('includes all of these routes', () => {
    expect(Object.keys(AUDITED_ROUTES)).toEqual(expect.arrayContaining(EFFECTIVE));
  });

  it.each(['tokens', 'users'])('returns no time of effect for a dry run of POST /%s/bulk', async (path) => {
    const { user, id } = await fixtures.createToken();
    const action = path === 'tokens' ? { action: 'revoke', ids: [id] } : { action: 'delete', ids: [user] };

    const { status, headers, body } = await server.client.request('POST', `/${path}/bulk`, {
      headers: asAdmin,
      body: { ...action, dryRun: true },
    });

    expect(status).toBe(200);
    expect(headers.get('x-auth-effective-by')).toBeNull();
    expect(body).not.toHaveProperty('effectiveBy');
  });
});

describe('Prefer: wait', () => {
  it('delays the response until the change is in effect, and no other request', async () => {
    const { id } = await fixtures.createToken();
    const waiting = server.client.request('DELETE', `/tokens/${id}`, {
      headers: { ...asAdmin, Prefer: 'respond-async, Wait="3"' },
    });
    // The revocation is committed, and the next one is not behind it in the queue.
    let isOver = false;
    void waiting.then(() => (isOver = true));
    const other = await revoke('');
    const wasOver = isOver;

    const { status, headers } = await waiting;
    const effectiveBy = Date.parse(headers.get('x-auth-effective-by') ?? '');

    expect([status, other.status, wasOver]).toEqual([204, 204, false]);
    expect(headers.get('preference-applied')).toBe('wait=3');
    expect(Date.now()).toBeGreaterThanOrEqual(effectiveBy);
  });

  it.each(['', 'wait', 'wait=1', 'wait=x', 'wait=-3', 'wait=3x', 'await=3', 'respond-async'])(
    'does not wait with the preference %j',
    async (prefer) => {
      const { status, headers } = await revoke(prefer);

      expect([status, headers.get('preference-applied')]).toEqual([204, null]);
      expect(Date.parse(headers.get('x-auth-effective-by') ?? '')).toBeGreaterThan(Date.now());
    },
  );

  it('does not delay a rejection', async () => {
    const startedAt = performance.now();

    const { status, headers } = await revoke('wait=3', Promise.resolve({ id: 'unknown' }) as never);

    expect([status, headers.get('preference-applied')]).toEqual([404, null]);
    expect(performance.now() - startedAt).toBeLessThan(LEASE);
  });
});
