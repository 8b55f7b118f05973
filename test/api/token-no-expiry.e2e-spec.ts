import { describe, expect, it } from '@jest/globals';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer({ environment: { LATCHKEY_API_TOKEN_NO_EXPIRY: 'true' } });
const asAdmin = useAdmin(server);
const { signUp, make, stopClock } = useTokens(server, asAdmin);

describe('LATCHKEY_API_TOKEN_NO_EXPIRY', () => {
  it('accepts expirationTime: null at creation, change and rotation', async () => {
    const session = await signUp();
    const endless = await make(session, { expirationTime: null });
    const changed = await make(session);
    const rotated = await make(session);

    const answers = [
      await server.client.token(endless.id, session.headers),
      await server.client.updateToken(changed.id, { expirationTime: null, version: 0 }, session.headers),
      await server.client.rotateToken(rotated.id, session.headers, { expirationTime: null }),
      await server.client.rotateToken(endless.id, session.headers),
    ];

    for (const { status, body } of answers) {
      expect([status, body.state]).toEqual([200, 'active']);
      expect(body).not.toHaveProperty('expirationTime');
    }
  });

  it('lets a token work after a thousand years, without X-Auth-Token-Expires', async () => {
    const token = await make(await signUp(), { expirationTime: null });
    stopClock('3000-01-01T00:00:00Z');

    const { status, headers } = await server.client.me(token.headers);

    expect([status, headers.get('x-auth-token-expires')]).toEqual([200, null]);
  });

  it('still ends a superseded secret with its grace period', async () => {
    const token = await make(await signUp(), { expirationTime: null });

    const { body } = await server.client.rotateToken(token.id, token.headers, { gracePeriodSeconds: 60 });

    const { headers } = await server.client.me(token.headers);
    expect(headers.get('x-auth-token-expires')).toBe(body.superseded?.until);
  });

  it('still limits a requested expiry to the maximum', async () => {
    const { warnings } = await make(await signUp(), { expirationTime: fromNow(400 * DAY) });

    expect(warnings).toHaveLength(1);
  });

  it('still limits a token to the expiry of its parent', async () => {
    const parent = await make(await signUp());

    const child = await make(parent, { expirationTime: null });

    expect(child.expirationTime).toBe(parent.expirationTime);
    expect(child.warnings).toHaveLength(1);
  });

  it('does not apply to sessions', async () => {
    const session = await signUp();

    const { status } = await server.client.updateToken(
      session.id,
      { expirationTime: null, version: 0 },
      session.headers,
    );

    expect(status).toBe(422);
  });
});
