import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ADMIN } from '../../support/factories.js';
import { asked } from './harness/asked.js';
import { type JudgedAnswer } from './harness/ledger.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { IS_SHORT, promised } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { insist, insistWithin } from './harness/violation.js';
import { LETS_EVERYBODY_QUEUE } from './sabotages.js';

const PEAK_MILLISECONDS = IS_SHORT ? 1_500 : 5_000;
const FLOOD_MILLISECONDS = IS_SHORT ? 4_000 : 25_000;
/** Requests at once that keep all cores busy and nobody waiting for long. */
const AT_PEAK = 8;
const TIMES_PEAK = 4;
const VERIFIED_EVERY_MILLISECONDS = 50;
/**
 * The share of the peak that is served while four times as much is asked: less than the promised 0.8, which the benchmark of overload
 * measures, as the clients of the flood take theirs of the same cores.
 */
const SHARE_LEAST = IS_SHORT ? 0.3 : 0.6;
const BACK_MILLISECONDS = promised(5_000);
/** Beside the clients of the flood, which take their share of the same cores. */
const ANSWER_MILLISECONDS = 12_000;
/** What is promised of the slowest but one in a hundred (B44); beside other tests nobody can tell. */
const SERVED_MILLISECONDS = IS_SHORT ? ANSWER_MILLISECONDS : 3_000;
const REFUSED_MILLISECONDS = IS_SHORT ? ANSWER_MILLISECONDS : 250;
/** More than an idle server takes: what hashes take, one for each core, and then some. */
const HASH_MEBIBYTES = 19;
const BEYOND_MEBIBYTES = IS_SHORT ? 300 : 128;
const MORE_MEBIBYTES = availableParallelism() * HASH_MEBIBYTES + BEYOND_MEBIBYTES;

const percentile = (values: readonly number[], percent: number) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length * percent) / 100)] ?? 0;

const mebibytesOf = ({ server }: Subject) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** Log-ins a second when nobody has to wait for long. */
async function peakOf(subject: Subject): Promise<number> {
  let count = 0;
  const end = performance.now() + PEAK_MILLISECONDS;
  const client = async () => {
    while (performance.now() < end) {
      const { status } = await subject.client.login(ADMIN.name, ADMIN.password);
      count += Number(status === 200);
    }
  };
  await Promise.all(Array.from({ length: AT_PEAK }, client));
  return (1_000 * count) / PEAK_MILLISECONDS;
}

/**
 * Sends four times as many log-ins as are served, however they are answered, and verifications beside them. What a machine can do
 * that others use as well is another figure each second: the most that was seen counts.
 */
async function flood(stage: Stage, subject: Subject, peak: number): Promise<void> {
  const { ledger } = stage;
  const { client } = subject;
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
    } = await asked(ledger, 'log-in', () => client.login(ADMIN.name, ADMIN.password));
    if (status === 200) {
      served += 1;
      ledger.acknowledged.set(fields.get('x-request-id') ?? '', 'authn_login_success');
      ledger.issued.set(body.id, { Authorization: `Bearer ${body.token}` });
    }
  };
  const verifier = (async () => {
    for (; !isOver(); await pause(VERIFIED_EVERY_MILLISECONDS)) {
      await asked(ledger, 'verify', () => client.verify(headers));
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

async function play(stage: Stage): Promise<Figures> {
  const { ledger } = stage;
  const subject = stage.sqlite({
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '1000000',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '1000000',
  });
  await subject.start();
  const idleMemory = mebibytesOf(subject);
  const peak = await peakOf(subject);

  await flood(stage, subject, peak);

  const freeTime = performance.now();
  const back = await insistWithin(
    BACK_MILLISECONDS,
    async () => (await subject.client.login(ADMIN.name, ADMIN.password)).status === 200,
    'no log-in is taken after a flood',
  );
  const logIns = ledger.answers.filter(({ what, time }) => what === 'log-in' && time < freeTime);
  const taken = logIns.filter(({ status }) => status === 200);
  const refused = logIns.filter(({ status }) => status === 503);
  const verified = ledger.answers.filter(({ what }) => what === 'verify');
  const share = (1_000 * taken.length) / FLOOD_MILLISECONDS / peak;
  const more = mebibytesOf(subject) - idleMemory;
  const times = (answers: readonly JudgedAnswer[]) => answers.map(({ milliseconds }) => milliseconds);
  const takenLast = percentile(times(taken), 99);
  const refusedLast = percentile(times(refused), 99);
  insist(refused.length > 0, 'nobody is refused by a server that is asked more than it can do');
  insist(share > SHARE_LEAST, `only ${(100 * share).toFixed()} % of the peak is served in a flood`);
  insist(takenLast < SERVED_MILLISECONDS, `log-ins take ${takenLast.toFixed()} ms in a flood`);
  insist(refusedLast < REFUSED_MILLISECONDS, `refusals take ${refusedLast.toFixed()} ms in a flood`);
  insist(more < MORE_MEBIBYTES, `the server takes ${more.toFixed()} MiB more after a flood`);
  await judge(subject, ledger, { milliseconds: ANSWER_MILLISECONDS });
  return {
    'log-ins a second at peak': peak,
    'asked in the flood': logIns.length,
    '% of the peak served': 100 * share,
    refused: refused.length,
    'p99 of a log-in (ms)': takenLast,
    'of a refusal (ms)': refusedLast,
    'of a verification (ms)': percentile(times(verified), 99),
    'MiB more than idle': more,
    'a log-in after (ms)': back,
  };
}

describeScenario({
  name: 'B44 four times as many log-ins as the server can do',
  play,
  sabotages: [
    {
      sabotage: LETS_EVERYBODY_QUEUE,
      complaint: /nobody is refused|log-ins take|answers took more than|requests got no answer/,
      isLong: true,
    },
  ],
});
