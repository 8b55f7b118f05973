import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ADMIN } from '../../support/factories.js';
import { sendRecorded, type RecordedResponse } from './harness/client-record.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { IS_SHORT, deadline } from './harness/settings.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { assert, assertWithin } from './harness/violation.js';

const PEAK_MILLISECONDS = IS_SHORT ? 1_500 : 5_000;
const FLOOD_MILLISECONDS = IS_SHORT ? 4_000 : 25_000;
/** Concurrent requests that keep all cores busy without long queues. */
const AT_PEAK = 8;
const TIMES_PEAK = 4;
const VERIFIED_EVERY_MILLISECONDS = 50;
/**
 * Share of the peak throughput during four times the load. Less than the goal of 0.8, which the overload
 * benchmark measures, because the clients use the same cores.
 */
const SHARE_LEAST = 0.6;
const BACK_MILLISECONDS = deadline(5_000);
/** A hang detector in the short run, which shares the cores with other tests. */
const RESPONSE_MILLISECONDS = IS_SHORT ? 60_000 : 12_000;
/** Goals for p99. */
const ACCEPTED_MILLISECONDS = 3_000;
const REJECTED_MILLISECONDS = 250;
/** Memory beyond that of an idle server: one hash per core, and a margin. */
const HASH_MEBIBYTES = 19;
const BEYOND_MEBIBYTES = IS_SHORT ? 300 : 128;
const MORE_MEBIBYTES = availableParallelism() * HASH_MEBIBYTES + BEYOND_MEBIBYTES;

const percentile = (values: readonly number[], percent: number) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length * percent) / 100)] ?? 0;

const mebibytesOf = ({ server }: TestedServer) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** Returns the logins a second without long queues. */
async function peakOf(tested: TestedServer): Promise<number> {
  let count = 0;
  const end = performance.now() + PEAK_MILLISECONDS;
  const client = async () => {
    while (performance.now() < end) {
      const { status } = await tested.client.login(ADMIN.name, ADMIN.password);
      count += Number(status === 200);
    }
  };
  await Promise.all(Array.from({ length: AT_PEAK }, client));
  return (1_000 * count) / PEAK_MILLISECONDS;
}

/**
 * Sends logins at four times the peak throughput, and verifications in parallel. On a shared machine the
 * throughput varies, so the highest value counts as the peak.
 */
async function flood(context: ScenarioContext, tested: TestedServer, peak: number): Promise<void> {
  const { record } = context;
  const { client } = tested;
  const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const start = performance.now();
  const isOver = () => performance.now() - start > FLOOD_MILLISECONDS;
  const logIns: Promise<unknown>[] = [];
  let served = 0;
  const logIn = async () => {
    const {
      status,
      body,
      headers: fields,
    } = await sendRecorded(record, 'login', () => client.login(ADMIN.name, ADMIN.password));
    if (status === 200) {
      served += 1;
      record.acknowledged.set(fields.get('x-request-id') ?? '', 'authn_login_success');
      record.issued.set(body.id, { Authorization: `Bearer ${body.token}` });
    }
  };
  const verifier = (async () => {
    for (; !isOver(); await pause(VERIFIED_EVERY_MILLISECONDS)) {
      await sendRecorded(record, 'verify', () => client.verify(headers));
    }
  })();
  for (; !isOver(); await pause(5)) {
    const due = TIMES_PEAK * Math.max(served, ((performance.now() - start) * peak) / 1_000);
    while (logIns.length < due) {
      logIns.push(logIn());
    }
  }
  await Promise.all([verifier, ...logIns]);
}

async function run(context: ScenarioContext): Promise<Figures> {
  const { record } = context;
  const tested = context.sqlite({
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '1000000',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '1000000',
  });
  await tested.start();
  const idleMemory = mebibytesOf(tested);
  const peak = await peakOf(tested);

  await flood(context, tested, peak);

  const freeTime = performance.now();
  const back = await assertWithin(
    BACK_MILLISECONDS,
    async () => (await tested.client.login(ADMIN.name, ADMIN.password)).status === 200,
    'logins are still rejected after the flood',
  );
  const logIns = record.responses.filter(({ what, time }) => what === 'login' && time < freeTime);
  const accepted = logIns.filter(({ status }) => status === 200);
  const rejected = logIns.filter(({ status }) => status === 503);
  const verified = record.responses.filter(({ what }) => what === 'verify');
  const share = (1_000 * accepted.length) / FLOOD_MILLISECONDS / peak;
  const more = mebibytesOf(tested) - idleMemory;
  const times = (answers: readonly RecordedResponse[]) => answers.map(({ milliseconds }) => milliseconds);
  const acceptedP99 = percentile(times(accepted), 99);
  const rejectedP99 = percentile(times(rejected), 99);
  assert(rejected.length > 0, 'no login was rejected during the flood');
  assert(accepted.length > 0, 'no login was accepted during the flood');
  // The short run asserts no speed, because other tests use the same cores.
  if (!IS_SHORT) {
    assert(
      share > SHARE_LEAST,
      `throughput falls to ${(100 * share).toFixed()} % of the peak during the flood`,
    );
    assert(acceptedP99 < ACCEPTED_MILLISECONDS, `logins take ${acceptedP99.toFixed()} ms during the flood`);
    assert(
      rejectedP99 < REJECTED_MILLISECONDS,
      `rejections take ${rejectedP99.toFixed()} ms during the flood`,
    );
  }
  assert(more < MORE_MEBIBYTES, `the server uses ${more.toFixed()} MiB more after the flood`);
  await judge(tested, record, { milliseconds: RESPONSE_MILLISECONDS });
  return {
    'logins a second at peak': peak,
    'logins sent': logIns.length,
    '% of the peak': 100 * share,
    rejected: rejected.length,
    'p99 of a login (ms)': acceptedP99,
    'p99 of a rejection (ms)': rejectedP99,
    'p99 of a verification (ms)': percentile(times(verified), 99),
    'MiB more than idle': more,
    'a login after (ms)': back,
  };
}

// Covers B44 in docs/explanation/security.md.
describeScenario({
  name: 'four times as many logins as the server can process',
  run,
});
