import { setTimeout as pause } from 'node:timers/promises';
import { StallingProxy } from '../../support/database/stalling-proxy.js';
import { MixedLoad } from './harness/mixed-load.js';
import { insistOnHonestAnswers, judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { promised, rounds } from './harness/settings.js';
import { type On, type Stage } from './harness/stage.js';
import { type PostgresStore } from './harness/store.js';
import { insist, insistOnNone, insistWithin } from './harness/violation.js';
import {
  ANSWERS_500_WHEN_THE_DATABASE_IS_GONE,
  ENDS_WITH_A_CONNECTION,
  WAITS_FOR_THE_DATABASE,
} from './sabotages.js';

const CLIENTS = 6;
const POOL = 6;
const CHANGES = 15;
const AWAY_MILLISECONDS = 3_500;
const SLOW_MILLISECONDS = 15_000;
/** Statements of one request follow one another, each with a time-out of its own. */
const SLOW_ANSWER_MILLISECONDS = promised(10_000);
/** Between the fault and the first answer that must know of it. */
const GRACE_MILLISECONDS = 300;

/** What is promised (B38). */
const RED_MILLISECONDS = promised(2_000);
const BACK_MILLISECONDS = promised(5_000);

/** A way in which the database goes, and how it comes back. */
interface Departure {
  go: () => void | Promise<void>;
  comeBack: () => void | Promise<void>;
}

/** Takes the database away under load and brings it back, several times, while one server goes on. */
async function play(
  { ledger }: Stage,
  subject: On<PostgresStore>,
  { go, comeBack }: Departure,
  count: number,
): Promise<Figures> {
  const most = { red: 0, green: 0, back: 0 };
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  for (let round = 0; round < count; round += 1) {
    await load.acknowledges(CHANGES);
    await go();
    const goneTime = performance.now();
    most.red = Math.max(most.red, await subject.readyWithin(RED_MILLISECONDS, 503));
    const { status: live } = await subject.client.request('GET', '/health/live');
    insist(live === 200, `liveness answers ${live} while the database is gone`);
    await pause(AWAY_MILLISECONDS);
    const backTime = performance.now();
    insist(ledger.after(goneTime, 503).length > 0, 'nothing was refused while the database was gone');
    insistOnNone(
      ledger.answers
        .filter(
          ({ time, what }) => time > goneTime + GRACE_MILLISECONDS && time < backTime && what !== 'verify',
        )
        .filter(({ status }) => status < 300)
        .map(({ what }) => what),
      'changes were acknowledged while the database was gone',
    );

    await comeBack();
    most.green = Math.max(most.green, await subject.readyWithin(BACK_MILLISECONDS, 200));
    const isBack = () =>
      ledger.answers.some(({ what, status, time }) => time > backTime && status < 300 && what !== 'verify');
    most.back = Math.max(
      most.back,
      await insistWithin(BACK_MILLISECONDS, isBack, 'no change is taken again'),
    );
    insistOnHonestAnswers(ledger);
  }
  await load.stop();

  // Once more while no connection is in use.
  await go();
  await subject.readyWithin(RED_MILLISECONDS, 503);
  await comeBack();
  await subject.readyWithin(BACK_MILLISECONDS, 200);
  insist(subject.isRunning, 'the server ended');
  await judge(subject, ledger);
  const open = await connections(subject.store);
  // One to listen on, and one for each of two jobs.
  insist(open <= POOL + 3, `the server keeps ${open} connections`);
  return {
    rounds: count,
    'red after at most (ms)': most.red,
    'green again after at most (ms)': most.green,
    'a change after at most (ms)': most.back,
    'slowest answer (ms)': ledger.slowest,
    connections: open,
  };
}

/** Connections of the server to the database. */
async function connections(store: PostgresStore): Promise<number> {
  const rows = await store.query(
    `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return rows.length;
}

const ENVIRONMENT = { LATCHKEY_DATABASE_POOL: String(POOL) };

describeScenario({
  name: 'B38 PostgreSQL killed under load',
  play: async (stage) => {
    const subject = await stage.postgres(ENVIRONMENT);
    const { cluster } = subject.store;
    return play(stage, subject, { go: () => cluster.kill(), comeBack: () => cluster.start() }, rounds(1, 10));
  },
  sabotages: [
    {
      sabotage: ANSWERS_500_WHEN_THE_DATABASE_IS_GONE,
      isLong: true,
      complaint: /answers say neither done nor when to come back|nothing was refused/,
    },
  ],
});

describeScenario({
  name: 'B38 PostgreSQL stopped under load (SIGSTOP)',
  play: async (stage) => {
    const subject = await stage.postgres(ENVIRONMENT);
    const { cluster } = subject.store;
    stage.later(() => cluster.thaw());
    return play(stage, subject, { go: () => cluster.freeze(), comeBack: () => cluster.thaw() }, rounds(1, 3));
  },
  sabotages: [{ sabotage: WAITS_FOR_THE_DATABASE, complaint: /answers took more than|nothing was refused/ }],
});

describeScenario({
  name: 'B38 the way to PostgreSQL cut under load',
  play: async (stage) => {
    const { subject, proxy } = await throughProxy(stage);
    return play(stage, subject, { go: () => proxy.cut(), comeBack: () => proxy.resume() }, rounds(1, 3));
  },
  isLong: true,
  sabotages: [{ sabotage: ENDS_WITH_A_CONNECTION, complaint: /requests got no answer|the server ended/ }],
});

describeScenario({
  name: 'B38 500 ms between the server and PostgreSQL, under load',
  play: async (stage) => {
    const { ledger } = stage;
    const { subject, proxy } = await throughProxy(stage);
    await subject.start();
    const load = new MixedLoad(subject.server, ledger, CLIENTS);
    await load.acknowledges(CHANGES);

    proxy.slow(250);
    await pause(SLOW_MILLISECONDS);
    proxy.resume();
    const freeTime = performance.now();
    const isBack = () =>
      ledger.answers.some(({ what, status, time }) => time > freeTime && status < 300 && what !== 'verify');
    const back = await insistWithin(BACK_MILLISECONDS, isBack, 'no change is taken again');
    await load.stop();

    await judge(subject, ledger, { milliseconds: SLOW_ANSWER_MILLISECONDS });
    return {
      answers: ledger.answers.length,
      refused: ledger.after(0, 503).length,
      'slowest answer (ms)': ledger.slowest,
      'a change after (ms)': back,
    };
  },
  isLong: true,
  sabotages: [
    {
      sabotage: WAITS_FOR_THE_DATABASE,
      complaint: /answers took more than|requests got no answer|no change is taken again/,
    },
  ],
});

async function throughProxy(stage: Stage) {
  const direct = await stage.postgres();
  const proxy = await StallingProxy.open(direct.store.url);
  stage.later(() => proxy.close());
  const subject = stage.beside(direct, { ...ENVIRONMENT, DATABASE_URL: proxy.url });
  return { subject, proxy };
}
