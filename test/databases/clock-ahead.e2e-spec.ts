import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuditRetention } from '../../apps/api/src/audit/trail/audit-retention.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.js';
import { ClockCheck } from '../../apps/api/src/audit/trail/clock-check.js';
import { CommandRunner } from '../../apps/api/src/cli/command-runner.js';
import { Clock } from '../../apps/api/src/common/clock.js';
import { FailureCountPurge } from '../../apps/api/src/throttle/counts/failure-count-purge.js';
import { TokenPurge } from '../../apps/api/src/identity/tokens/revoke/token-purge.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { createTestDatabase } from '../support/test-database.js';

const DAY = 86_400_000;
const JOBS = [TokenPurge, FailureCountPurge, AuditRetention];

let server: TestServer;

beforeEach(async () => {
  const database = await createTestDatabase();
  server = await TestServer.start({ database });
  // A session, a use of it, a failed log-in, and entries of the trail.
  const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.me(headers);
  await server.client.login('nobody', 'a wrong password');
  await runJobs();
  await server.stop();
  server = await TestServer.start({ database });
});

afterEach(() => server.remove());

const setAhead = (days: number) => {
  const now = Date.now() + days * DAY;
  jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(now);
};

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

describe('a clock that is 500 days ahead', () => {
  it('deletes nothing, even after a log-in, and is reported by readiness until it is corrected', async () => {
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

    const command = { command: 'trust-clock', options: {}, user: 'alice', traceId: 'trace-1' };
    const outcome = await server.app.get(CommandRunner, { strict: false }).run(command, () => undefined);
    await runJobs();

    expect(kept.tokens).toBe(1);
    expect(outcome).toEqual({
      result: {
        time: expect.stringMatching(/Z$/),
        previousTime: expect.stringMatching(/Z$/),
        wasAhead: true,
      },
    });
    expect(await remarks()).toBeUndefined();
    expect(await counts()).toEqual({ tokens: 0, usage: 0, failures: 0, firstEntry: 0 });
    expect(await count('audit_events', `"action" = 'clock_trusted' AND "actorId" = 'command-line'`)).toBe(1);
    expect((await server.app.get(AuditVerification, { strict: false }).verify()).problems).toEqual([]);
  });

  it('is detected when it was ahead before the first job', async () => {
    const check = server.app.get(ClockCheck, { strict: false });
    setAhead(31);
    expect(await check.isPlausible()).toBe(false);
    setAhead(29);
    expect(await check.isPlausible()).toBe(true);
  });
});
