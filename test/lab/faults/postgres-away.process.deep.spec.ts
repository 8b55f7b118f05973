import { setTimeout as pause } from 'node:timers/promises';
import { StallingProxy } from '../../support/stalling-proxy.mjs';
import { MixedLoad } from './harness/mixed-load.js';
import { assertExpectedResponses, judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline, rounds } from './harness/settings.js';
import { type ServerOn, type ScenarioContext } from './harness/scenario-context.js';
import { type PostgresStore } from './harness/store.js';
import { assert, assertNone, assertWithin } from './harness/violation.js';

const CLIENTS = 6;
const POOL = 6;
const CHANGES = 15;
const AWAY_MILLISECONDS = 3_500;
const SLOW_MILLISECONDS = 15_000;
/** The statements of a request run one after another, each with its own timeout. */
const SLOW_RESPONSE_MILLISECONDS = deadline(10_000);
/** Time after the fault in which responses may still succeed. */
const GRACE_MILLISECONDS = 300;

const RED_MILLISECONDS = deadline(2_000);
const BACK_MILLISECONDS = deadline(5_000);

/** A way to make the database unreachable, and to undo it. */
interface Outage {
  begin: () => void | Promise<void>;
  restore: () => void | Promise<void>;
}

/** Interrupts the database under load several times, while one server keeps running. */
async function run(
  { record }: ScenarioContext,
  tested: ServerOn<PostgresStore>,
  { begin, restore }: Outage,
  count: number,
): Promise<Figures> {
  const most = { red: 0, green: 0, back: 0 };
  await tested.start();
  const load = new MixedLoad(tested.server, record, CLIENTS);
  for (let round = 0; round < count; round += 1) {
    await load.acknowledges(CHANGES);
    await begin();
    const goneTime = performance.now();
    most.red = Math.max(most.red, await tested.readyWithin(RED_MILLISECONDS, 503));
    const { status: live } = await tested.client.request('GET', '/health/live');
    assert(live === 200, `liveness returns ${live} without the database`);
    await pause(AWAY_MILLISECONDS);
    const backTime = performance.now();
    assert(record.after(goneTime, 503).length > 0, 'no request was rejected without the database');
    assertNone(
      record.responses
        .filter(
          ({ time, what }) => time > goneTime + GRACE_MILLISECONDS && time < backTime && what !== 'verify',
        )
        .filter(({ status }) => status < 300)
        .map(({ what }) => what),
      'changes were acknowledged without the database',
    );

    await restore();
    most.green = Math.max(most.green, await tested.readyWithin(BACK_MILLISECONDS, 200));
    const isBack = () =>
      record.responses.some(({ what, status, time }) => time > backTime && status < 300 && what !== 'verify');
    most.back = Math.max(
      most.back,
      await assertWithin(BACK_MILLISECONDS, isBack, 'changes are still rejected'),
    );
    assertExpectedResponses(record);
  }
  await load.stop();

  // Again, while no connection is in use.
  await begin();
  await tested.readyWithin(RED_MILLISECONDS, 503);
  await restore();
  await tested.readyWithin(BACK_MILLISECONDS, 200);
  assert(tested.isRunning, 'the server exited');
  await judge(tested, record);
  const open = await connections(tested.store);
  // One to listen, and one for each of two jobs.
  assert(open <= POOL + 3, `the server has ${open} connections`);
  return {
    rounds: count,
    'red after (ms)': most.red,
    'green after (ms)': most.green,
    'a change after (ms)': most.back,
    'slowest response (ms)': record.slowest,
    connections: open,
  };
}

/** Counts the server's connections to the database. */
async function connections(store: PostgresStore): Promise<number> {
  const rows = await store.query(
    `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return rows.length;
}

const ENVIRONMENT = { LATCHKEY_DATABASE_POOL: String(POOL) };

// Covers B38 in docs/explanation/security.md.
describeScenario({
  name: 'PostgreSQL killed under load',
  run: async (context) => {
    const tested = await context.postgres(ENVIRONMENT);
    const { cluster } = tested.store;
    return run(
      context,
      tested,
      { begin: () => cluster.kill(), restore: () => cluster.start() },
      rounds(1, 10),
    );
  },
});

// Covers B38 in docs/explanation/security.md.
describeScenario({
  name: 'PostgreSQL suspended under load (SIGSTOP)',
  run: async (context) => {
    const tested = await context.postgres(ENVIRONMENT);
    const { cluster } = tested.store;
    context.addCleanUp(() => cluster.thaw());
    return run(
      context,
      tested,
      { begin: () => cluster.freeze(), restore: () => cluster.thaw() },
      rounds(1, 3),
    );
  },
});

// Covers B38 in docs/explanation/security.md.
describeScenario({
  name: 'the connection to PostgreSQL interrupted under load',
  run: async (context) => {
    const { tested, proxy } = await throughProxy(context);
    return run(context, tested, { begin: () => proxy.cut(), restore: () => proxy.resume() }, rounds(1, 3));
  },
  isLong: true,
});

// Covers B38 in docs/explanation/security.md.
describeScenario({
  name: '500 ms latency to PostgreSQL under load',
  run: async (context) => {
    const { record } = context;
    const { tested, proxy } = await throughProxy(context);
    await tested.start();
    const load = new MixedLoad(tested.server, record, CLIENTS);
    await load.acknowledges(CHANGES);

    proxy.slow(250);
    await pause(SLOW_MILLISECONDS);
    proxy.resume();
    const freeTime = performance.now();
    const isBack = () =>
      record.responses.some(({ what, status, time }) => time > freeTime && status < 300 && what !== 'verify');
    const back = await assertWithin(BACK_MILLISECONDS, isBack, 'changes are still rejected');
    await load.stop();

    await judge(tested, record, { milliseconds: SLOW_RESPONSE_MILLISECONDS });
    return {
      responses: record.responses.length,
      rejected: record.after(0, 503).length,
      'slowest response (ms)': record.slowest,
      'a change after (ms)': back,
    };
  },
  isLong: true,
});

async function throughProxy(context: ScenarioContext) {
  const direct = await context.postgres();
  const proxy = await StallingProxy.open(direct.store.url);
  context.addCleanUp(() => proxy.close());
  const tested = context.beside(direct, { ...ENVIRONMENT, DATABASE_URL: proxy.url });
  return { tested, proxy };
}
