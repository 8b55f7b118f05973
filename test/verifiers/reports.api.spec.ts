import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ExplanationDto, type ReportedUseDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { createVerifier } from '../../libs/client/src/verifier/verifier.js';
import { LastUses } from '../../apps/api/src/tokens/usage/last-uses.service.js';
import { TokenLastUsesRepository } from '../../apps/api/src/tokens/usage/token-last-uses.repository.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { canaryDigestOf, digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { USES_AT_ONCE } from '../../apps/api/src/auth/verifiers/report-limit.js';
import { VerifierReports } from '../../apps/api/src/auth/verifiers/verifier-reports.service.js';
import { type Principal } from '../../apps/api/src/common/request/principal.js';
import { ADMIN } from '../support/test-server.js';
import { CALLER } from '../support/unit/fake-call.js';
import { useReportingService, usesOf } from '../support/use-reporting-service.js';
import { flushTokenUsage, settleCanaries, useAdmin, useServer, stopClock } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { service, asService, newService, newToken, report } = useReportingService(server, asAdmin);

afterEach(() => {
  jest.restoreAllMocks();
});

describe('POST /auth/revocations/reports', () => {
  it('keep the last use if it was later than the reported ones', async () => {
    const token = await newToken();
    for (const [ago, address] of [
      [0, '192.0.2.7'],
      [60_000, '192.0.2.8'],
    ] as const) {
      await report({ verifier: randomUUID(), uses: [usesOf(token, { ago, address })] });
      await flushTokenUsage(server);
    }

    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);
    const { body: listed } = await server.client.token(token.id, asAdmin);

    expect(usage.days.reduce((sum, { uses }) => sum + uses, 0)).toBe(2);
    expect(listed.lastUsageAddress).toBe('192.0.2.7');
  });

  it('records required permissions that are in the scope of the token', async () => {
    const other = await newToken();
    const permissions = ['tokens:introspect', 'users:read'];
    const { body: token } = await server.client.createUserToken(ADMIN.name, asAdmin, { permissions });
    const demands = { ago: 0, permissions: ['users:read', 'orders:read', '%', ''] };
    const uses = [usesOf(token, { count: 0, ...demands }), usesOf(other, demands)];

    expect((await report({ verifier: randomUUID(), uses })).status).toBe(200);
    await flushTokenUsage(server);
    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);
    const { body: unlimited } = await server.client.tokenUsage(other.id, asAdmin);

    expect(usage.days).toEqual([]);
    expect(usage.permissions).toEqual([
      { permission: 'tokens:introspect' },
      { permission: 'users:read', lastUseDate: expect.any(String) },
    ]);
    expect(unlimited.days).toHaveLength(1);
  });

  it('names the verifiers of a token in lists of such tokens, for a day', async () => {
    const [used, other] = [await newService(), await newService()];
    for (const name of ['shop', 'orders', 'shop']) {
      expect((await report({ verifier: randomUUID(), name }, used.headers)).status).toBe(200);
    }
    const listed = async (query: string) => {
      const names = [used.name, other.name];
      const { body } = await server.client.tokens(asAdmin, `?size=200&${query}`);
      return body.items
        .filter(({ user }) => names.includes(user))
        .map(({ user, verifiesFor }) => [user, verifiesFor]);
    };

    expect(await listed('verifying=true')).toEqual([[used.name, ['orders', 'shop']]]);
    expect(await listed('verifying=false')).toEqual([[other.name, undefined]]);
    const later = server.app.get(Clock, { strict: false }).now() + 86_400_001;
    jest.spyOn(server.app.get(Clock, { strict: false }), 'now').mockReturnValue(later);
    expect(await listed('verifying=true')).toEqual([]);
  });

  it('ignores uses of tokens whose secret the verifier has not received', async () => {
    const [token, other] = [await newToken(), await newToken()];
    const uses = [
      usesOf(token, { address: '192.0.2.7' }),
      usesOf(token, { digest: digestOf(other.token ?? '') }),
      usesOf(token, { digest: digestOf('invented'), permissions: ['users:read'] }),
      usesOf(token, { token: randomUUID() }),
    ];

    const { status, body } = await report({ verifier: randomUUID(), uses });

    expect([status, body.ignored]).toEqual([200, 3]);
    await flushTokenUsage(server);
    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);
    expect(usage.days).toMatchObject([{ uses: 1 }]);
    expect((await server.client.tokenUsage(other.id, asAdmin)).body.days).toEqual([]);
  });

  it('keeps no invented ids in memory, so that they delay no other uses', async () => {
    const lastUses = server.app.get(LastUses, { strict: false });
    const note = jest.spyOn(lastUses, 'noteReported');
    const demands = jest.spyOn(lastUses, 'noteReportedDemands');
    const uses = Array.from({ length: 500 }, () => usesOf({ id: randomUUID() } as UserTokenDto));

    const { body } = await report({ verifier: randomUUID(), uses });

    expect(body.ignored).toBe(500);
    expect([note.mock.calls, demands.mock.calls]).toEqual([[], []]);
  });

  it.each([0, 60])(
    'counts uses before a rotation that are reported after it, with a grace period of %s s',
    async (gracePeriodSeconds) => {
      const token = await newToken();
      expect((await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds })).status).toBe(200);

      expect((await report({ verifier: randomUUID(), uses: [usesOf(token)] })).body.ignored).toBe(0);
    },
  );

  describe.each([
    ['a rotation', (token: UserTokenDto) => server.client.rotateToken(token.id, asAdmin, {})],
    ['a revocation', (token: UserTokenDto) => server.client.revokeToken(token.id, asAdmin)],
    [
      'a revocation of all tokens',
      (token: UserTokenDto) => server.client.revokeUserTokens(token.user, asAdmin),
    ],
  ])('after %s', (_, end) => {
    const LATER = 120_000;

    it('counts uses of the secret before it, and ignores those after it', async () => {
      const [token, other] = [await newToken(), await newService()];
      expect((await end(token)).status).toBeLessThan(300);
      const now = Date.now() + LATER;
      stopClock(server, now);
      const permissions = ['users:read'];
      const forged = usesOf(token, { count: 5, address: '192.0.2.66', permissions });
      const seen = usesOf(token, { ago: LATER + 1_000, address: '192.0.2.7' });

      const { body } = await report({ verifier: randomUUID(), uses: [forged, seen] }, other.headers);
      await flushTokenUsage(server);
      const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);

      expect(body.ignored).toBe(1);
      expect(usage.days).toMatchObject([{ uses: 1 }]);
      expect(usage.addresses.map(({ address }) => address)).toEqual(['192.0.2.7']);
    });
  });

  it('counts uses of the replaced secret until the end of its grace period', async () => {
    const [token, other] = [await newToken(), await newService()];
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 600 });
    const now = Date.now();
    const clock = jest.spyOn(server.app.get(Clock), 'now');
    const ignoredAfter = async (seconds: number) => {
      clock.mockReturnValue(now + seconds * 1_000);
      return (await report({ verifier: randomUUID(), uses: [usesOf(token)] }, other.headers)).body.ignored;
    };

    expect([await ignoredAfter(500), await ignoredAfter(700)]).toEqual([0, 1]);
  });

  it('ignores uses of canaries, even with the digest that is stored for them', async () => {
    const { body: canary } = await server.client.createMyToken(
      await server.client.loginHeaders(ADMIN.name, ADMIN.password),
      { kind: 'canary', note: 'bait' },
    );
    expect(canary.kind).toBe('canary');
    const stored = canaryDigestOf(digestOf(canary.token ?? ''));

    const { body } = await report({
      verifier: randomUUID(),
      uses: [usesOf(canary), usesOf(canary, { digest: stored })],
    });
    await flushTokenUsage(server);

    expect(body).toMatchObject({ ignored: 2 });
    expect((await server.client.tokenUsage(canary.id, asAdmin)).body).toMatchObject({
      days: [],
      addresses: [],
    });
  });

  it.each([
    ['use', (canary: UserTokenDto) => ({ uses: [usesOf(canary, { count: 0 })] })],
    [
      'rejection',
      (canary: UserTokenDto) => ({
        rejections: [
          {
            traceId: randomUUID(),
            cause: 'missing_permission' as const,
            ago: 0,
            token: canary.id,
            digest: digestOf(canary.token ?? ''),
          },
        ],
      }),
    ],
  ])('raises the alarm of a canary whose secret is in a reported %s', async (_, content) => {
    const session = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const { body: canary } = await server.client.createMyToken(session, { kind: 'canary', note: 'bait' });

    await report({ verifier: randomUUID(), ...content(canary) });
    await settleCanaries(server);

    const query = `?subject=${canary.id}&action=authn_canary_used`;
    const { body } = await server.client.auditEvents(asAdmin, query);
    expect(body.items).toMatchObject([{ after: { source: `report of test (${service.name})`, count: 1 } }]);
  });

  it('explains a rejection to the user of a token only if the verifier has received the token', async () => {
    const token = await newToken();
    const rejection = {
      cause: 'missing_permission' as const,
      ago: 0,
      token: token.id,
      missingPermissions: ['a:b'],
    };
    const [forged, seen] = [randomUUID(), randomUUID()];
    await report({
      verifier: randomUUID(),
      rejections: [
        { ...rejection, traceId: forged, digest: digestOf('invented') },
        { ...rejection, traceId: seen, digest: digestOf(token.token ?? '') },
      ],
    });
    const userOf = async (traceId: string) =>
      (await server.client.request<ExplanationDto>('GET', `/explanations/${traceId}`, { headers: asAdmin }))
        .body.user;

    expect([await userOf(forged), await userOf(seen)]).toEqual([undefined, token.user]);
  });

  it('rejects the id of another verifier', async () => {
    const verifier = randomUUID();
    await report({ verifier });

    expect((await report({ verifier, number: 2 }, asAdmin)).status).toBe(409);
  });
});

describe('the addresses in GET /tokens/{id}/usage', () => {
  const addressesOf = async ({ id }: UserTokenDto) => {
    await flushTokenUsage(server);
    return (await server.client.tokenUsage(id, asAdmin)).body.addresses;
  };
  const manyFrom = (token: UserTokenDto, network: string) =>
    Array.from({ length: 100 }, (_, index) => usesOf(token, { address: `${network}.${index}` }));

  it('keep those that the server saw and those of each service, however many a service reports', async () => {
    const token = await newToken();
    const other = await newService();
    await server.client.verify(tokenHeader(token));
    await report(
      { verifier: randomUUID(), uses: [usesOf(token, { address: '198.51.100.1' })] },
      other.headers,
    );
    await flushTokenUsage(server);
    for (const network of ['192.0.0', '192.0.1', '192.0.2']) {
      expect((await report({ verifier: randomUUID(), uses: manyFrom(token, network) })).body.ignored).toBe(0);
      await flushTokenUsage(server);
    }

    const addresses = await addressesOf(token);

    const by = (name?: string) => addresses.filter(({ reportedBy }) => reportedBy === name);
    expect(by()).toEqual([{ address: '127.0.0.1', lastUseDate: expect.any(String) }]);
    expect(by(`test (${other.name})`).map(({ address }) => address)).toEqual(['198.51.100.1']);
    expect(by(`test (${service.name})`)).toHaveLength(32);
  });

  it('are in the order of their days, but reported ones after all that the server saw', async () => {
    const token = await newToken();
    const today = Math.floor(Date.now() / 86_400_000);
    const seen = (
      [
        ['192.0.2.1', 1],
        ['192.0.2.2', 2],
      ] as const
    ).map(([address, ago]) => `('${token.id}', 'address', '${address}', '', ${today - ago})`);
    await server.database.execute(
      `INSERT INTO token_last_uses ("tokenId", "kind", "value", "reporterId", "day") VALUES ${seen.join(', ')}`,
    );
    await report({ verifier: randomUUID(), uses: [usesOf(token, { address: '192.0.2.3' })] });

    const addresses = (await addressesOf(token)).map(({ address }) => address);

    expect(addresses).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  it('are searched for old ones only after a new one', async () => {
    const token = await newToken();
    const repository = server.app.get(TokenLastUsesRepository, { strict: false });
    const store = (day: number) =>
      server.app.get(Writes, { strict: false }).transaction(async (tx) => {
        const query = jest.spyOn(tx, 'query');
        const reported = [{ id: service.id, name: 'test', address: '192.0.2.7' }];
        const rest = { current: null, superseded: null, permissions: [], addresses: [] };
        await repository.add([{ tokenId: token.id, day, reported, ...rest }], tx);
        return query.mock.calls.filter(([text]) => text.includes('DELETE')).length;
      }, 'none');

    expect([await store(20_000), await store(20_000), await store(20_001)]).toEqual([1, 0, 1]);
  });

  it('have no reporter after a later use that the server saw', async () => {
    const token = await newToken();
    await report({ verifier: randomUUID(), uses: [usesOf(token, { ago: 1_000, address: '192.0.2.7' })] });
    await flushTokenUsage(server);
    await server.client.verify(tokenHeader(token));
    await flushTokenUsage(server);

    const { body } = await server.client.token(token.id, asAdmin);
    const { days } = (await server.client.tokenUsage(token.id, asAdmin)).body;

    expect([body.lastUsageAddress, body.lastUsageReportedBy]).toEqual(['127.0.0.1', undefined]);
    expect(days.at(-1)).not.toHaveProperty('lastUsageReportedBy');
  });

  it('name the service that introspected the token with an address', async () => {
    const token = await newToken();
    await server.client.introspect({ token: token.token ?? '', address: '192.0.2.7' }, asService);
    await server.client.introspect({ token: token.token ?? '' }, asService);

    expect(await addressesOf(token)).toEqual([
      { address: '127.0.0.1', lastUseDate: expect.any(String) },
      { address: '192.0.2.7', lastUseDate: expect.any(String), reportedBy: service.name },
    ]);
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

  it('count each use of a token from 400 addresses', async () => {
    const [token] = (await newTokens(1)) as [UserTokenDto];
    const warnings: unknown[] = [];
    const verifier = createVerifier({
      url: server.client.baseUrl,
      token: service.token,
      onWarning: (warning) => warnings.push(warning),
    });
    await waitUntil(() => verifier.status().fresh);
    const verify = (index: number) =>
      verifier.verify(token.token ?? '', {
        address: longAddress(index),
        agent: AGENT,
        permissions: PERMISSIONS,
      });
    await verify(0);
    for (let index = 0; index < 400; index += 1) {
      await verify(index);
    }
    const { local, asked } = verifier.status();

    await verifier.close();

    expect([local + asked, warnings]).toEqual([401, []]);
    expect(local).toBeGreaterThan(390);
    expect(await usageOf(token)).toEqual({ uses: 401, addresses: expect.any(Number), unused: 0 });
  });
});

describe('the verifiers of a user', () => {
  const MAX = 1_000;
  const INACTIVE = 31_000;
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

  it('are at most 1,000: a new one replaces the one that is silent for the longest time', async () => {
    const ids = await storeVerifiers(MAX, INACTIVE);
    const verifier = randomUUID();

    expect((await report({ verifier }, service.headers)).status).toBe(200);

    expect(new Set(await stored())).toEqual(new Set([...ids.slice(0, -1), verifier]));
  });
});

describe('too many uses in the reports of a user', () => {
  it('are rejected with 429 and Retry-After, and those of others are not', async () => {
    const { id, name, headers } = await newService();
    // The limit recovers with time.
    const now = Date.now();
    stopClock(server, now);
    const use = { token: randomUUID(), digest: digestOf('unknown'), count: 1, ago: 0 };
    await server.app.get(VerifierReports, { strict: false }).record(
      {
        verifier: randomUUID(),
        number: 1,
        name: 'test',
        local: 0,
        asked: 0,
        uses: Array<ReportedUseDto>(USES_AT_ONCE).fill(use),
      },
      { id, name, origin: CALLER } as Principal,
    );

    const answer = await report({ verifier: randomUUID() }, headers);
    const other = await report({ verifier: randomUUID() });

    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([
      429,
      'throttled',
      '1',
    ]);
    expect(other.status).toBe(200);
  });
});
