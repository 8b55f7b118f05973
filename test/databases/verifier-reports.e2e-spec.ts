import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ProblemDto,
  type UserTokenDto,
  type VerifierReportDto,
  type VerifierReportedDto,
} from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { Clock } from '../../apps/api/src/common/clock.js';
import { ReportLimit, REPORTS_AT_ONCE } from '../../apps/api/src/auth/revocations/report-limit.js';
import { ADMIN } from '../support/test-server.js';
import { flushTokenUsage, useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
let asService: Headers;

/** Creates a service that may report uses. */
async function newService(): Promise<{ id: string; name: string; headers: Headers }> {
  const { body: user } = await server.client.createUser(newUser({ roles: ['verifiers'] }), asAdmin);
  const { body: token } = await server.client.createUserToken(user.name, asAdmin, {});
  return { id: user.id, name: user.name, headers: tokenHeader(token) };
}

afterEach(() => {
  jest.restoreAllMocks();
});

beforeAll(async () => {
  await server.client.createRole({ name: 'verifiers', permissions: ['tokens:introspect'] }, asAdmin);
  asService = (await newService()).headers;
});

async function newToken(): Promise<UserTokenDto> {
  const { body: user } = await server.client.createUser(newUser(), asAdmin);
  return (await server.client.createUserToken(user.name, asAdmin, {})).body;
}

const report = (body: Partial<VerifierReportDto> & { verifier: string }, headers = asService) =>
  server.client.request<VerifierReportedDto & ProblemDto>('POST', '/auth/revocations/reports', {
    headers,
    body: { number: 1, name: 'test', local: 0, asked: 0, uses: [], ...body },
  });

describe('POST /auth/revocations/reports', () => {
  it('counts uses once, also when a report is sent again', async () => {
    const token = await newToken();
    const sent = {
      verifier: randomUUID(),
      local: 5,
      asked: 2,
      uses: [{ token: token.id, count: 5, ago: 20, address: '192.0.2.7' }],
    };

    const answers = [await report(sent), await report(sent), await report({ ...sent, number: 2 })];
    await flushTokenUsage(server);
    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(usage.days).toMatchObject([{ uses: 10, lastUsageAddress: '192.0.2.7' }]);
    expect(usage.addresses).toMatchObject([{ address: '192.0.2.7' }]);
  });

  it('keep the last use if it was later than the reported ones', async () => {
    const token = await newToken();
    for (const [ago, address] of [
      [0, '192.0.2.7'],
      [60_000, '192.0.2.8'],
    ] as const) {
      await report({ verifier: randomUUID(), uses: [{ token: token.id, count: 1, ago, address }] });
      await flushTokenUsage(server);
    }

    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);
    const { body: listed } = await server.client.token(token.id, asAdmin);

    expect(usage.days.reduce((sum, { uses }) => sum + uses, 0)).toBe(2);
    expect(listed.lastUsageAddress).toBe('192.0.2.7');
  });

  it('counts reports that arrive at the same time once', async () => {
    const token = await newToken();
    const sent = { verifier: randomUUID(), local: 1, uses: [{ token: token.id, count: 1, ago: 0 }] };

    const answers = await Promise.all(Array.from({ length: 8 }, () => report(sent)));
    await flushTokenUsage(server);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await server.client.tokenUsage(token.id, asAdmin)).body.days).toMatchObject([{ uses: 1 }]);
  });

  it('records required permissions that are in the scope of the token', async () => {
    const { id } = await newToken();
    const permissions = ['tokens:introspect', 'users:read'];
    const { body: token } = await server.client.createUserToken(ADMIN.name, asAdmin, { permissions });
    const demands = { ago: 0, permissions: ['users:read', 'orders:read', '%', ''] };
    const uses = [
      { token: token.id, count: 0, ...demands },
      { token: id, count: 1, ...demands },
    ];

    expect((await report({ verifier: randomUUID(), uses })).status).toBe(200);
    await flushTokenUsage(server);
    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);
    const { body: unlimited } = await server.client.tokenUsage(id, asAdmin);

    expect(usage.days).toEqual([]);
    expect(usage.permissions).toEqual([
      { permission: 'tokens:introspect' },
      { permission: 'users:read', lastUseDate: expect.any(String) },
    ]);
    expect(unlimited.days).toHaveLength(1);
  });

  it('ignores uses of unknown tokens', async () => {
    const uses = [{ token: randomUUID(), count: 1, ago: 0 }];

    expect((await report({ verifier: randomUUID(), uses })).status).toBe(200);
    await flushTokenUsage(server);
  });

  it('rejects the id of another verifier', async () => {
    const verifier = randomUUID();
    await report({ verifier });

    expect((await report({ verifier, number: 2 }, asAdmin)).status).toBe(409);
  });
});

describe('the verifiers of a user', () => {
  const MAX = 1_000;
  const INACTIVE = 31_000;
  let service: Awaited<ReturnType<typeof newService>>;

  /** Stores verifiers whose last reports are one second apart, the last `ago` milliseconds ago. Returns their ids, the latest first. */
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

describe('too many reports of a user', () => {
  it('are rejected with 429 and Retry-After, and those of others are not', async () => {
    const { id, headers } = await newService();
    // The limit recovers with time.
    const now = Date.now();
    jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(now);
    const limit = server.app.get(ReportLimit, { strict: false });
    Array.from({ length: REPORTS_AT_ONCE }, () => limit.count(id));

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
