import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { DataSource } from 'typeorm';
import { newUser } from '../support/factories.js';
import { SYSTEM_CLOCK } from '../../libs/client/src/verifier/clock.js';
import { type Report, Reports } from '../../libs/client/src/verifier/reports.js';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { useReportingService, usesOf } from '../support/use-reporting-service.js';
import { flushTokenUsage, useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { service, newService, newToken, report } = useReportingService(server, asAdmin);

afterEach(() => {
  jest.restoreAllMocks();
});

describe('POST /auth/revocations/reports', () => {
  it('counts uses once, also when a report is sent again', async () => {
    const token = await newToken();
    const sent = {
      verifier: randomUUID(),
      local: 5,
      asked: 2,
      uses: [usesOf(token, { count: 5, ago: 20, address: '192.0.2.7' })],
    };

    const answers = [await report(sent), await report(sent), await report({ ...sent, number: 2 })];
    await flushTokenUsage(server);
    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const lastUse = {
      lastUsageAddress: '192.0.2.7',
      lastUsageReportedBy: `test (${service.name})`,
    };
    expect(usage.days).toMatchObject([{ uses: 10, ...lastUse }]);
    expect((await server.client.token(token.id, asAdmin)).body).toMatchObject(lastUse);
    expect(usage.addresses).toEqual([
      { address: '192.0.2.7', lastUseDate: expect.any(String), reportedBy: `test (${service.name})` },
    ]);
  });

  it('counts reports that arrive at the same time once', async () => {
    const token = await newToken();
    const sent = { verifier: randomUUID(), local: 1, uses: [usesOf(token)] };

    const answers = await Promise.all(Array.from({ length: 8 }, () => report(sent)));
    await flushTokenUsage(server);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await server.client.tokenUsage(token.id, asAdmin)).body.days).toMatchObject([{ uses: 1 }]);
  });

  it('stores counts beyond 32 bits, up to a maximum for each day', async () => {
    const token = await newToken();
    const uses = Array.from({ length: 3 }, (_, index) =>
      usesOf(token, { count: 1_000_000_000, address: `192.0.2.${index}` }),
    );
    await report({ verifier: randomUUID(), uses });
    await flushTokenUsage(server);
    const usage = async () => (await server.client.tokenUsage(token.id, asAdmin)).body.days;
    expect(await usage()).toMatchObject([{ uses: 3_000_000_000 }]);

    await server.database.execute(
      `UPDATE token_usage SET "uses" = 999999999999 WHERE "tokenId" = '${token.id}'`,
    );
    await report({ verifier: randomUUID(), uses });
    await flushTokenUsage(server);

    expect(await usage()).toMatchObject([{ uses: 1_000_000_000_000 }]);
  });
});

describe('the addresses in GET /tokens/{id}/usage', () => {
  const addressesOf = async ({ id }: UserTokenDto) => {
    await flushTokenUsage(server);
    return (await server.client.tokenUsage(id, asAdmin)).body.addresses;
  };

  it('keep some of each service when many services report', async () => {
    const token = await newToken();
    const today = Math.floor(Date.now() / 86_400_000);
    const rows = Array.from({ length: 10 * 32 }, (_, index) => {
      const reporter = index % 10;
      return `('${token.id}', 'address', '192.0.2.${index}', 'service-${reporter}', 'service ${reporter}', ${today - reporter})`;
    });
    await server.database.execute(
      `INSERT INTO token_last_uses ("tokenId", "kind", "value", "reporterId", "reporter", "day") VALUES ${rows.join(', ')}`,
    );
    await report({ verifier: randomUUID(), uses: [usesOf(token, { address: '198.51.100.1' })] });

    const addresses = await addressesOf(token);

    const counts = new Map<string | undefined, number>();
    addresses.forEach(({ reportedBy }) => counts.set(reportedBy, (counts.get(reportedBy) ?? 0) + 1));
    expect(addresses).toHaveLength(256);
    expect(counts.get(`test (${service.name})`)).toBe(1);
    expect(counts.size).toBe(11);
    expect(Math.min(...[...counts.values()].filter((count) => count > 1))).toBeGreaterThanOrEqual(25);
  });
});

describe('the fullest reports of a verifier', () => {
  const PERMISSIONS = Array.from(
    { length: 20 },
    (_, index) => `fullest:${'p'.repeat(61)}${String(index).padStart(2, '0')}`,
  );
  const AGENT = '"'.repeat(200);
  const longAddress = (index: number) => `2001:db8:1111:1111:1111:1111:1111:${(0x1000 + index).toString(16)}`;

  async function newTokens(count: number): Promise<UserTokenDto[]> {
    const { body: user } = await server.client.createUser(newUser({ roles: ['fullest'] }), asAdmin);
    const tokens = Array.from({ length: count }, () =>
      server.client.createUserToken(user.name, asAdmin, { permissions: PERMISSIONS }),
    );
    return (await Promise.all(tokens)).map(({ body }) => body);
  }

  async function usageOf({ id }: UserTokenDto) {
    await flushTokenUsage(server);
    const { body } = await server.client.tokenUsage(id, asAdmin);
    return {
      uses: body.days.reduce((sum, { uses }) => sum + uses, 0),
      addresses: body.addresses.length,
      unused: body.permissions?.filter(({ lastUseDate }) => lastUseDate === undefined).length,
    };
  }

  beforeAll(async () => {
    const permissions = PERMISSIONS.map((name) => ({ name, description: 'Test.' }));
    expect((await server.client.createApi({ name: 'fullest', permissions }, asAdmin)).status).toBe(201);
    const role = { name: 'fullest', permissions: PERMISSIONS };
    expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
  });

  it.each([
    ['long', PERMISSIONS, AGENT],
    ['short', PERMISSIONS.slice(0, 1), ''],
  ])('are accepted as a whole: 500 uses with %s texts, and 100 rejections', async (_, permissions, agent) => {
    const tokens = await newTokens(25);
    const warnings: unknown[] = [];
    const sent: Report[] = [];
    const verifier = randomUUID();
    const statuses: number[] = [];
    const reports = new Reports(
      SYSTEM_CLOCK,
      async (sending) => {
        sent.push(sending);
        const { status } = await report({ verifier, ...(sending as object), name: '€'.repeat(64) });
        statuses.push(status);
      },
      (warning) => warnings.push(warning),
    );
    reports.start(600_000);
    for (const { id, token = '' } of tokens) {
      for (let use = 0; use < 20; use += 1) {
        const latest = { token: id, digest: digestOf(token) };
        reports.count(latest, longAddress(use), agent);
        reports.count(latest, longAddress(use), agent);
        reports.demand(latest, permissions);
      }
    }
    for (let index = 0; index < 100; index += 1) {
      const { id, token = '' } = tokens[index % 25]!;
      reports.reject({
        traceId: `${randomUUID()}${'x'.repeat(28)}`,
        cause: index < 80 ? 'missing_permission' : 'malformed_credentials',
        token: index < 80 ? id : undefined,
        digest: index < 80 ? digestOf(token) : undefined,
        address: longAddress(index),
        agent: AGENT,
        method: 'PROPPATCH',
        route: `/${'r'.repeat(1_000)}`,
        detail: 'd'.repeat(1_000),
        missingPermissions: permissions,
        missingRoles: permissions.map((name) => name.slice(8)),
      });
    }

    await reports.close(AbortSignal.timeout(60_000));

    expect([warnings, new Set(statuses)]).toEqual([[], new Set([200])]);
    expect(Math.max(...sent.map((body) => Buffer.byteLength(JSON.stringify(body))))).toBeLessThan(101_000);
    expect(sent.flatMap(({ uses }) => uses)).toHaveLength(500);
    const usage = { uses: 40, addresses: 20, unused: 20 - permissions.length };
    expect(await Promise.all(tokens.map(usageOf))).toEqual(tokens.map(() => usage));
  });
});

describe('a token whose uses the database does not accept', () => {
  it('does not keep those of other tokens from being stored', async () => {
    const [bad, good] = [await newToken(), await newToken()];
    await server.database.execute(
      server.app.get(DataSource).options.type === 'postgres'
        ? `ALTER TABLE token_usage ADD CONSTRAINT "CHK_test" CHECK ("tokenId" <> '${bad.id}')`
        : `CREATE TRIGGER "CHK_test" BEFORE INSERT ON token_usage WHEN NEW."tokenId" = '${bad.id}' BEGIN SELECT RAISE(ABORT, 'not accepted'); END`,
    );
    await report({ verifier: randomUUID(), uses: [usesOf(bad), usesOf(good)] });

    await flushTokenUsage(server);

    expect((await server.client.tokenUsage(good.id, asAdmin)).body.days).toMatchObject([{ uses: 1 }]);
    expect(server.log).toContain('The uses of a token were dropped');
    await server.database.execute(
      server.app.get(DataSource).options.type === 'postgres'
        ? 'ALTER TABLE token_usage DROP CONSTRAINT "CHK_test"'
        : 'DROP TRIGGER "CHK_test"',
    );
  });
});

describe('the verifiers of a user', () => {
  const MAX = 1_000;
  let service: Awaited<ReturnType<typeof newService>>;

  /**
   * Stores verifiers whose last reports are one second apart, the last `ago` milliseconds ago. Returns their
   * ids, the latest first.
   */
  async function storeVerifiers(count: number, ago: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    const rows = ids.map((id, index) => {
      const time = Date.now() - ago - index * 1_000;
      return `('${id}', '${service.id}', 'old', '127.0.0.1', 1, ${time}, ${time}, 0, 0)`;
    });
    await server.database.execute(
      'INSERT INTO verifiers ("id", "userId", "name", "address", "report", "startTime", "reportTime", "local", "asked") ' +
        `VALUES ${rows.join(', ')}`,
    );
    return ids;
  }

  const stored = async () =>
    (
      await server.database.query<{ id: string }>(
        `SELECT "id" FROM verifiers WHERE "userId" = '${service.id}'`,
      )
    ).map(({ id }) => id);

  beforeEach(async () => {
    service = await newService();
  });

  it('leave no room for a new one while all are active, but for those of other users', async () => {
    await storeVerifiers(MAX, -MAX * 1_000);

    const { status, headers, body } = await report({ verifier: randomUUID() }, service.headers);
    const known = await report({ verifier: (await stored())[0] ?? '', number: 2 }, service.headers);
    const other = await report({ verifier: randomUUID() });

    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'throttled', '30']);
    expect(body.detail).toContain(`1000 verifiers of the user ${service.name} have reported within 30 s`);
    expect([known.status, other.status]).toEqual([200, 200]);
    expect(await stored()).toHaveLength(MAX);
  });

  it('are at most 1,000 when many report for the first time at once', async () => {
    await storeVerifiers(MAX - 2, -MAX * 1_000);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => report({ verifier: randomUUID() }, service.headers)),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(await stored()).toHaveLength(MAX);
  });
});
