import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AffectedUsers } from '../../apps/api/src/platform/database/affected-users.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { FEATURES } from '../../apps/api/src/features.js';
import { type ApiResponse } from '../support/api-client.js';
import { AUDITED, entryOf } from '../routes.js';
import { Fixtures } from '../support/routes/fixtures.js';
import { useAdmin, useServer } from '../support/use-server.js';

const LEASE = 2_000;

/** Renew the proof of a session, which is cached. */
const PROOFS = [
  'POST /auth/step-up',
  'POST /me/second-factors/{id}/confirm',
  'POST /me/second-factors/passkeys',
];

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
let fixtures: Fixtures;
/** Users whose cached tokens other processes had to drop. */
let notified: AffectedUsers[] = [];
/**
 * Time after the latest commit that others had to learn of, or else of the request. Other commits, such as
 * last uses, come at any time.
 */
let committedAt = 0;

const isOfInterest = (users: AffectedUsers): boolean => users !== 'none' && users.length > 0;

beforeAll(async () => {
  fixtures = await Fixtures.on(server.client);
  server.app.get(Writes).onEnd((_, others) => {
    notified.push(others);
    committedAt = isOfInterest(others) ? Date.now() : committedAt;
  });
});

const createToken = async () =>
  (await server.client.createUserToken(await fixtures.newUser(), asAdmin, {})).body;

const revoke = async (
  prefer: string,
  revoked: Promise<{ id: string }> = createToken(),
): Promise<ApiResponse<unknown>> => {
  const { id } = await revoked;
  return server.client.request('DELETE', `/tokens/${id}`, { headers: { ...asAdmin, Prefer: prefer } });
};

describe('every route that writes', () => {
  it.each(AUDITED.map(([route]) => route))(
    'returns the time of effect if it revokes, disables or narrows something: %s',
    async (route) => {
      const { method, path, ...options } = await fixtures.requestTo(route);
      notified = [];
      committedAt = Date.now();
      const { status, headers, body } = await server.client.request<unknown>(method, path, options);
      const endedAt = Date.now();

      const effectiveBy = headers.get('x-auth-effective-by');
      const isEffective = entryOf(route).takesEffect === true;
      expect(status).toBeLessThan(300);
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
        // No verifier and no replica has to learn of others.
        expect(notified.some(isOfInterest)).toBe(PROOFS.includes(route));
        expect(body ?? {}).not.toHaveProperty('effectiveBy');
      }
    },
  );

  it.each(['tokens', 'users'])('returns no time of effect for a dry run of POST /%s/bulk', async (path) => {
    const { user, id } = await createToken();
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
    const { id } = await createToken();
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

    const { status, headers } = await revoke('wait=3', Promise.resolve({ id: 'unknown' }));

    expect([status, headers.get('preference-applied')]).toEqual([404, null]);
    expect(performance.now() - startedAt).toBeLessThan(LEASE);
  });
});
