import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, flushTokenUsage, stopClock } from '../support/use-server.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { useTokens } from '../support/use-tokens.js';
import { waitUntil } from '../support/wait-until.js';
import { useUsage } from './use-usage.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createOwnToken, use, usageOf } = useUsage(server, asAdmin);

describe('usage by day', () => {
  const DAY = 86_400_000;
  /** The time at which the clock is stopped, so that no test runs past midnight. */
  const NOW = Date.now();
  const TODAY = new Date(NOW).toISOString().slice(0, 10);
  let name: string;
  let asOwner: Headers;
  let token: UserTokenDto;

  beforeEach(async () => {
    stopClock(server, NOW);
    ({ name, asOwner, token } = await createOwnToken());
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const usage = (headers = asOwner) => usageOf(token, headers);

  describe('GET /tokens/{id}/usage', () => {
    it('counts the superseded secret separately, and shows it on the token', async () => {
      const { body: rotated } = await server.client.rotateToken(token.id, asOwner, {
        gracePeriodSeconds: 60,
      });
      await use(rotated.token, 3, 'job/new');
      stopClock(server, NOW + 1);
      await use(token.token, 2, 'job/old');

      expect(await usage()).toEqual([
        { date: TODAY, uses: 3, supersededUses: 2, lastUsageAddress: '127.0.0.1', lastUsageAgent: 'job/old' },
      ]);
      const { body } = await server.client.token(token.id, asOwner);
      expect(body.lastUsageAgent).toBe('job/new');
      expect(body.superseded).toMatchObject({
        uses: 2,
        lastUsageAgent: 'job/old',
        lastUsageAddress: '127.0.0.1',
      });
      expect(body.superseded?.lastUsageTime).toBeDefined();
      expect(body.version).toBe(rotated.version);
    });

    it('counts the uses of a twice superseded secret for the day only', async () => {
      await server.client.rotateToken(token.id, asOwner, { gracePeriodSeconds: 60 });
      await use(token.token, 2);
      await server.client.rotateToken(token.id, asOwner, {});

      expect(await usage()).toMatchObject([{ uses: 0, supersededUses: 2 }]);
      expect((await server.client.token(token.id, asOwner)).body).not.toHaveProperty('superseded');
    });

    it('counts the uses of a revoked token, and keeps its last use', async () => {
      await use(token.token);
      await flushTokenUsage(server);
      const { lastUsageTime } = (await server.client.token(token.id, asOwner)).body;
      await use(token.token, 4, 'job/2');
      await server.client.revokeToken(token.id, asOwner);

      expect(await usage()).toMatchObject([{ uses: 5, lastUsageAgent: 'job/2' }]);
      const { body } = await server.client.token(token.id, asOwner);
      expect(body).toMatchObject({ state: 'revoked', lastUsageAgent: 'job/1' });
      expect(body.lastUsageTime).toBe(lastUsageTime);
    });

    it('is empty for an unused token', async () => {
      expect(await usage()).toEqual([]);
    });

    it('returns the last 90 days in order', async () => {
      await use(token.token);
      await flushTokenUsage(server);
      const days = [0, 1, 89, 90].map((ago) => Math.floor(NOW / DAY) - ago);
      await server.database.execute(
        ...days
          .slice(1)
          .map(
            (day) => `INSERT INTO token_usage VALUES ('${token.id}', ${day}, ${day}, 1, NULL, NULL, NULL)`,
          ),
      );

      expect((await usage()).map(({ date }) => Date.parse(date) / DAY)).toEqual(days.slice(0, 3).reverse());
      expect((await usage())[0]).toEqual({
        date: new Date((days[2] ?? 0) * DAY).toISOString().slice(0, 10),
        uses: days[2],
        supersededUses: 1,
      });
    });

    it('returns 200 with tokens:read, and otherwise 404 as for an unknown token', async () => {
      await use(token.token);
      const other = newUser();
      await server.client.createUser(other, asAdmin);
      const asOther = await server.client.loginHeaders(other.name, PASSWORD);

      expect(await usage(asAdmin)).toMatchObject([{ uses: 1 }]);
      const hidden = await server.client.tokenUsage(token.id, asOther);
      const unknown = await server.client.tokenUsage('unknown', asOther);
      expect([hidden.status, unknown.status]).toEqual([404, 404]);
      expect(hidden.body.detail).toBe(unknown.body.detail);
    });
  });

  describe('the permissions and addresses in GET /tokens/{id}/usage', () => {
    let limited: UserTokenDto;

    const lastUses = async () => {
      await flushTokenUsage(server);
      return (await server.client.tokenUsage(limited.id, asAdmin)).body;
    };
    const days = (count: number) => NOW - count * DAY;

    beforeEach(async () => {
      const permissions = ['users:read', 'tokens:read'];
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      limited = (await server.client.createMyToken(headers, { note: 'limited', permissions })).body;
    });

    it('have the permissions that verifications and routes required', async () => {
      expect((await lastUses()).permissions).toEqual([
        { permission: 'tokens:read' },
        { permission: 'users:read' },
      ]);
      await server.client.verify(tokenHeader(limited), '?permission=tokens:read');
      expect((await lastUses()).permissions).toEqual([
        { permission: 'tokens:read', lastUseDate: TODAY },
        { permission: 'users:read' },
      ]);
      await server.client.users(tokenHeader(limited));

      expect((await lastUses()).permissions).toEqual([
        { permission: 'tokens:read', lastUseDate: TODAY },
        { permission: 'users:read', lastUseDate: TODAY },
      ]);
      expect((await lastUses()).addresses).toEqual([{ address: '127.0.0.1', lastUseDate: TODAY }]);
    });

    it('do not have those of a token without such a limit', async () => {
      await server.client.verify(tokenHeader(token), '');
      await flushTokenUsage(server);

      expect((await server.client.tokenUsage(token.id, asOwner)).body.permissions).toBeUndefined();
    });

    it('find tokens that are wider than they are used, once they are 30 days old', async () => {
      const unused = async () => {
        await flushTokenUsage(server);
        const { body } = await server.client.tokens(asAdmin, '?unusedPermissions=true&q=limited&size=200');
        return body.items.some(({ id }) => id === limited.id);
      };
      await server.client.verify(tokenHeader(limited), '?permission=tokens:read');
      expect(await unused()).toBe(false);
      await server.database.execute(
        `UPDATE tokens SET "creationTime" = ${days(31)} WHERE id = '${limited.id}'`,
      );
      expect(await unused()).toBe(true);
      await server.client.users(tokenHeader(limited));

      expect(await unused()).toBe(false);
    });
  });

  describe('the rows of token usage', () => {
    it('are deleted with the token', async () => {
      await use(token.token);
      await flushTokenUsage(server);
      await server.client.deleteUser(name, asAdmin);

      const rows = await server.database.query(`SELECT * FROM token_usage WHERE "tokenId" = '${token.id}'`);
      expect(rows).toEqual([]);
    });

    it('are not written for a deleted token', async () => {
      await use(token.token);
      await server.client.deleteUser(name, asAdmin);
      await flushTokenUsage(server);

      expect(server.log).not.toContain('could not be written');
    });

    it('are per day in UTC', async () => {
      const midnight = Math.ceil(NOW / DAY) * DAY;
      const now = jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(midnight - 1);
      await use(token.token, 2);
      now.mockReturnValue(midnight);
      await use(token.token);

      expect((await usage()).map(({ uses }) => uses)).toEqual([2, 1]);
    });
  });
});

describe('the uses of a superseded secret', () => {
  const { signUp, createToken } = useTokens(server, asAdmin);

  /** Writes the pending uses and returns the usage of a token. */
  async function usesOf(id: string) {
    await flushTokenUsage(server);
    return (await server.client.token(id, asAdmin)).body;
  }

  const use = async (headers: Headers, agent: string) => {
    expect((await server.client.me({ ...headers, 'User-Agent': agent })).status).toBe(200);
  };

  it('are counted separately from those of the current one', async () => {
    const token = await createToken(await signUp());
    await use(token.headers, 'before');
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    await use(tokenHeader(rotated), 'new');
    for (let count = 0; count < 3; count += 1) {
      await use(token.headers, `old/${count}`);
    }

    const { lastUsageAgent, superseded, version } = await usesOf(token.id);
    expect(lastUsageAgent).toBe('new');
    expect(superseded).toEqual({
      until: rotated.superseded?.until,
      uses: 3,
      lastUsageTime: expect.stringMatching(/Z$/),
      lastUsageAddress: '127.0.0.1',
      lastUsageAgent: 'old/2',
    });
    expect(version).toBe(1);
  });

  it('are visible soon, even if the token was used a moment ago', async () => {
    const token = await createToken(await signUp());
    await use(token.headers, 'before');
    await usesOf(token.id);
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    await use(token.headers, 'old');

    const read = async () => (await server.client.token(token.id, asAdmin)).body.superseded;
    const superseded = await waitUntil(read, (known) => known?.lastUsageAgent, { pauseMilliseconds: 50 });
    expect(superseded?.lastUsageAgent).toBe('old');
  });

  it('stay visible until the next rotation', async () => {
    const token = await createToken(await signUp());
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
    await use(token.headers, 'old');
    expect((await usesOf(token.id)).superseded?.uses).toBe(1);

    const { body } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    expect(body.superseded).toEqual({ until: expect.stringMatching(/Z$/), uses: 0 });
  });

  it('are not attributed to the next superseded secret when they are written late', async () => {
    const token = await createToken(await signUp());
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
    await use(token.headers, 'oldest');
    await use(token.headers, 'oldest');
    const { body } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    const { superseded } = await usesOf(token.id);

    expect(superseded).toEqual({ until: body.superseded?.until, uses: 0 });
  });
});

describe('lastUsageTime', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start();
  });

  afterAll(() => server.remove());

  it('is returned soon after the first use, with the address and the same version', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = { Authorization: `Bearer ${body.token}` };
    const before = Date.now();

    const listed = async () =>
      (await server.client.myTokens(headers)).body.items.find(({ id }) => id === body.id);
    const token = await waitUntil(listed, (found) => found?.lastUsageTime, { pauseMilliseconds: 50 });

    expect(Date.parse(token?.lastUsageTime ?? '')).toBeGreaterThanOrEqual(before);
    expect(token).toMatchObject({ lastUsageAddress: '127.0.0.1', version: 0 });
  });

  it('is absent on an unused token', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    const { items } = (await server.client.myTokens(headers)).body;

    expect(items.find(({ id }) => id === body.id)).not.toHaveProperty('lastUsageTime');
  });
});
