import { describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();

const login = async () => (await server.client.login(ADMIN.name, ADMIN.password)).body;
const logInHeaders = (): Promise<Headers> => server.client.loginHeaders(ADMIN.name, ADMIN.password);
const parallel = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask));

describe('POST /auth/bump', () => {
  it("returns the user's new lastLoginTime", async () => {
    const headers = await logInHeaders();

    const { status, body } = await server.client.bump(headers);

    const { body: me } = await server.client.me(headers);
    expect([status, body]).toEqual([200, { lastLoginTime: me.lastLoginTime }]);
  });

  it('extends the idle expiry, and sends the new one', async () => {
    const token = await login();

    const { headers } = await server.client.bump(tokenHeader(token));

    const { body } = await server.client.myTokens(tokenHeader(token), '?sort=-creationTime&size=1');
    const idleEnd = body.items[0]?.idleExpirationTime ?? '';
    expect(idleEnd > (token.idleExpirationTime ?? '')).toBe(true);
    expect(body.items[0]?.expirationTime).toBe(token.expirationTime);
    expect(headers.get('x-auth-token-expires')).toBe(idleEnd);
    expect(body.items[0]?.version).toBe(0);
  });

  it('keeps the idle expiry of other sessions', async () => {
    const other = await login();
    const token = await login();

    await server.client.bump(tokenHeader(token));

    const { headers } = await server.client.me(tokenHeader(other));
    expect(headers.get('x-auth-token-expires')).toBe(other.idleExpirationTime);
  });

  it('writes no audit entry', async () => {
    const headers = await logInHeaders();
    const count = () => server.database.query('SELECT id FROM audit_events');
    const before = (await count()).length;

    await server.client.bump(headers);

    expect(await count()).toHaveLength(before);
  });
});

describe('POST /auth/logout', () => {
  it('is final, even with parallel bumps', async () => {
    for (let round = 0; round < 5; round += 1) {
      const headers = await logInHeaders();

      const answers = await Promise.all([
        ...Array.from({ length: 5 }, () => server.client.bump(headers)),
        server.client.logout(headers),
        ...Array.from({ length: 5 }, () => server.client.bump(headers)),
      ]);

      expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
      expect((await server.client.bump(headers)).status).toBe(401);
    }
  });

  it('writes one audit entry', async () => {
    const token = await login();
    await parallel(5, () => server.client.logout(tokenHeader(token)));

    const rows = await server.database.query<Record<string, unknown>>(
      `SELECT * FROM audit_events WHERE action = 'authn_logout' AND "subjectId" = '${token.id}'`,
    );

    expect(rows).toEqual([expect.objectContaining({ actorName: 'admin', outcome: 'success' })]);
  });
});
