import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type AffectedUsers } from '../../apps/api/src/platform/database/affected-users.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { EffectiveWaits } from '../../apps/api/src/http/effective-by.service.js';
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
  let wait: jest.SpiedFunction<EffectiveWaits['wait']>;

  beforeEach(() => {
    wait = jest.spyOn(server.app.get(EffectiveWaits, { strict: false }), 'wait');
  });

  afterEach(() => wait.mockRestore());

  it('delays the response until the change is in effect, and no other request', async () => {
    let takeEffect: (isOver: boolean) => void = () => undefined;
    const isWaiting = new Promise<void>((called) => {
      wait.mockImplementationOnce(() => {
        called();
        return new Promise((resolve) => (takeEffect = resolve));
      });
    });
    const waiting = revoke('respond-async, Wait="3"');
    let isOver = false;
    void waiting.then(() => (isOver = true));
    await isWaiting;

    const other = await revoke('');
    const wasOver = isOver;
    takeEffect(true);
    const { status, headers } = await waiting;

    expect([status, other.status, wasOver]).toEqual([204, 204, false]);
    expect(headers.get('preference-applied')).toBe('wait=3');
  });

  it.each(['', 'wait', 'wait=1', 'wait=x', 'wait=-3', 'wait=3x', 'await=3', 'respond-async'])(
    'does not wait with the preference %j',
    async (prefer) => {
      const { status, headers } = await revoke(prefer);

      expect([status, headers.get('preference-applied')]).toEqual([204, null]);
      expect(wait).not.toHaveBeenCalled();
    },
  );

  it('does not delay a rejection', async () => {
    const { status, headers } = await revoke('wait=3', Promise.resolve({ id: 'unknown' }));

    expect([status, headers.get('preference-applied')]).toEqual([404, null]);
    expect(wait).not.toHaveBeenCalled();
  });
});
