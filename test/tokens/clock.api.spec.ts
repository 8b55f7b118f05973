import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuditRetention } from '../../apps/api/src/audit/trail/audit-retention.service.js';
import { ClockCheck } from '../../apps/api/src/audit/trail/clock-check.service.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { TokenPurge } from '../../apps/api/src/tokens/revoke/token-purge.service.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { FailureCountPurge } from '../../apps/api/src/throttle/counts/failure-count-purge.service.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { Operator } from '../support/operator.js';
import { flushTokenUsage, stopClock } from '../support/use-server.js';
import { createTestDatabase } from '../support/test-database.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { waitUntil } from '../support/wait-until.js';

describe('a clock that is 500 days ahead', () => {
  const DAY = 86_400_000;
  const JOBS = [TokenPurge, FailureCountPurge, AuditRetention];

  let server: TestServer;

  beforeEach(async () => {
    const database = await createTestDatabase();
    server = await TestServer.start({ database });
    // A session, its use, a failed login, and audit entries.
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    await server.client.me(headers);
    await server.client.login('nobody', 'a wrong password');
    await runJobs();
    await server.stop();
    server = await TestServer.start({ database });
  });

  afterEach(() => server.remove());

  const setAhead = (days: number) => stopClock(server, Date.now() + days * DAY);

  async function runJobs(): Promise<void> {
    for (const job of JOBS) {
      await server.app.get(job, { strict: false }).runOnce();
    }
  }

  const count = async (table: string, condition = 'TRUE') => {
    const [row] = await server.database.query<{ count: unknown }>(
      `SELECT COUNT(*) AS "count" FROM "${table}" WHERE ${condition}`,
    );
    return Number(row?.count);
  };

  const counts = async () => ({
    tokens: await count('tokens'),
    usage: await count('token_usage'),
    failures: await count('failure_counts', `"failures" > 0`),
    firstEntry: await count('audit_events', `"sequence" = 1`),
  });

  const remarks = async () => (await server.client.ready()).body.remarks;
  const AHEAD = [expect.stringMatching(/^The clock is more than 30 days ahead .* latchkey trust-clock$/)];

  it('deletes nothing, even after a login, and is reported by readiness until it is corrected', async () => {
    const before = await counts();
    setAhead(500);
    await server.client.login(ADMIN.name, ADMIN.password);

    await runJobs();
    const health = await server.client.ready();
    const ahead = await counts();
    setAhead(0);
    await runJobs();

    expect(before).toEqual({ tokens: 1, usage: 1, failures: expect.any(Number), firstEntry: 1 });
    expect(before.failures).toBeGreaterThan(0);
    expect(ahead).toEqual({ ...before, tokens: 2, usage: expect.any(Number) });
    expect([health.status, health.body]).toEqual([200, { status: 'ok', remarks: AHEAD }]);
    expect(await remarks()).toBeUndefined();
    expect(await counts()).toMatchObject({ ...before, tokens: 2, usage: expect.any(Number) });
  });

  it('deletes old rows once the command line has confirmed it, and records that', async () => {
    setAhead(500);
    await runJobs();
    const kept = await counts();

    const operator = await Operator.of(server);
    const outcome = await operator.send('POST', '/operator/clock-confirmations');
    operator.remove();
    await runJobs();

    expect(kept.tokens).toBe(1);
    expect(JSON.parse(outcome.text)).toEqual({
      time: expect.stringMatching(/Z$/),
      previousTime: expect.stringMatching(/Z$/),
      wasAhead: true,
      wasBehind: false,
    });
    expect(await remarks()).toBeUndefined();
    expect(await counts()).toEqual({ tokens: 0, usage: 0, failures: 0, firstEntry: 0 });
    expect(await count('audit_events', `"action" = 'clock_trusted' AND "actorId" = 'command-line'`)).toBe(1);
    expect((await server.app.get(AuditVerification, { strict: false }).verify()).problems).toEqual([]);
  });

  it('is reported when it is behind, by readiness and by one line of the log, until it is confirmed', async () => {
    await runJobs();
    setAhead(-1);
    const logged = server.log.length;
    await runJobs();
    const behind = await remarks();
    const operator = await Operator.of(server);
    const outcome = await operator.send('POST', '/operator/clock-confirmations');
    operator.remove();

    expect(behind).toEqual([
      expect.stringMatching(/^The clock is behind the last time .* latchkey trust-clock$/),
    ]);
    expect(server.log.slice(logged).match(/The clock is behind/g)).toHaveLength(1);
    expect(JSON.parse(outcome.text)).toMatchObject({ wasAhead: false, wasBehind: true });
    expect(await remarks()).toBeUndefined();
  });

  it('is logged at the start when it is behind', async () => {
    const { database } = server;
    await runJobs();
    await server.stop();
    await database.execute(`UPDATE "audit_chain" SET "clockSeenTime" = ${Date.now() + DAY}`);
    server = await TestServer.start({ database });

    expect(server.log).toMatch(/"level":40[^\n]*The clock is behind/);
  });

  it('is detected when it was ahead before the first job', async () => {
    const check = server.app.get(ClockCheck, { strict: false });
    setAhead(31);
    expect(await check.isPlausible()).toBe(false);
    setAhead(29);
    expect(await check.isPlausible()).toBe(true);
  });
});

// Covers B43 in docs/explanation/security.md.
describe('an expired token, after the clock is set back', () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;

  let server: TestServer;
  let asAdmin: Headers;

  beforeEach(async () => {
    server = await TestServer.start();
    asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.remove();
  });

  interface Presented {
    user: string;
    token?: string;
  }

  const inAnHour = () => new Date(Date.now() + HOUR).toISOString();

  const apiToken = async () =>
    (await server.client.createMyToken(asAdmin, { note: 'nightly job', expirationTime: inAnHour() })).body;

  const codeOf = async (token: Presented) => (await server.client.me(tokenHeader(token))).body.code;

  const stateOf = async (id: string) => {
    const { body: one } = await server.client.token(id, asAdmin);
    const { body: listed } = await server.client.tokens(asAdmin, `?state=${one.state}`);
    return listed.items.some((token) => token.id === id) ? one.state : `${one.state}, and not in that list`;
  };

  /**
   * Uses a token with the clock this far ahead, sets the clock back, and waits until the token's note is
   * rejected.
   */
  async function rejectAt(milliseconds: number, token: Presented): Promise<void> {
    const clock = jest
      .spyOn(server.app.get(Clock), 'now')
      .mockImplementation(() => Date.now() + milliseconds);
    expect(await codeOf(token)).toBe('token_expired');
    clock.mockRestore();
    await waitUntil(
      () => codeOf(token),
      (code) => code === 'token_expired',
    );
  }

  it('stays rejected, and is listed as expired', async () => {
    const [short, other] = [await apiToken(), await apiToken()];

    await rejectAt(2 * HOUR, short);

    expect(await codeOf(other)).toBeUndefined();
    expect([await stateOf(short.id), await stateOf(other.id)]).toEqual(['expired', 'expiring']);
  });

  it('stays rejected if its idle expiry had passed', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const { body: session } = await server.client.login(user.name, PASSWORD);

    await rejectAt(8 * DAY, session);
  });

  it('stays rejected after a restart', async () => {
    const token = await apiToken();
    await rejectAt(2 * HOUR, token);
    await server.stop();

    server = await TestServer.start({ database: server.database });

    expect(await codeOf(token)).toBe('token_expired');
  });

  it('keeps its last use, even if that is written later', async () => {
    const token = await apiToken();
    await codeOf(token);

    await rejectAt(2 * HOUR, token);
    await flushTokenUsage(server);

    expect((await server.client.token(token.id, asAdmin)).body.lastUsageTime).toBeDefined();
  });

  it('is recorded once, however often it is presented', async () => {
    const token = await apiToken();
    await rejectAt(2 * HOUR, token);
    const transactions = jest.spyOn(server.app.get(Writes), 'transaction');
    const { body: me } = await server.client.me(asAdmin);

    await rejectAt(3 * HOUR, token);
    await rejectAt(0, token);

    expect(transactions.mock.calls.filter(([, touched]) => isDeepStrictEqual(touched, [me.id]))).toEqual([]);
  });
});
