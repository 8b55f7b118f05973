import { MixedLoad } from './harness/mixed-load.js';
import { assertExpectedResponses, judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline, rounds } from './harness/settings.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { SystemCalls } from './harness/system-calls.js';
import { STRACE_NEEDS } from './harness/system-programs.js';
import { assert, assertNone, assertWithin } from './harness/violation.js';
import { ADMIN } from '../../support/factories.js';

const CLIENTS = 4;
/** Upper bound for the random number of syncs before the first failure. */
const GOOD_SYNCS_MOST = 20;
const NOTICED_MILLISECONDS = deadline(5_000);
/** A checkpoint runs after some hundred changes. */
const CHECKPOINT_MILLISECONDS = 30_000;

/** Selection of the syncs that fail. */
interface Failing {
  /** In the syntax of strace. */
  when: string;
  /** The file whose syncs fail; all files if absent. */
  file?: string;
  /** Deadline for the server to notice. */
  milliseconds?: number;
}

/** Lets syncs of a server fail and starts another one on the same data. */
async function fail(
  tested: TestedServer,
  { record }: ScenarioContext,
  { when, file, milliseconds = NOTICED_MILLISECONDS }: Failing,
): Promise<Figures> {
  const load = new MixedLoad(tested.server, record, CLIENTS);
  await load.acknowledges(10);
  const calls = await SystemCalls.watch(tested.server, `fdatasync,fsync:error=EIO:when=${when}`, file);
  const begun = performance.now();
  const isNoticed = () => record.after(begun, 503).length > 0 || !tested.isRunning;
  const noticed = await assertWithin(milliseconds, isNoticed, 'the failing disk is not noticed');

  const red = await assertWithin(
    NOTICED_MILLISECONDS,
    async () => !tested.isRunning || (await tested.client.ready()).status === 503,
    'readiness is green although the disk fails',
  );
  const after = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await load.stop();
  const failed = (await calls.stop()).filter(({ what, isDone }) => what === 'sync' && !isDone);
  // The disk works again, but its data is only reliable after a restart.
  const { status } = tested.isRunning
    ? await tested.client.login(ADMIN.name, ADMIN.password)
    : { status: 503 };

  assert(failed.length > 0, 'no sync failed');
  assertExpectedResponses(record, { isKilled: !tested.isRunning });
  assertNone(
    record.responses
      .filter(
        (answer) =>
          answer.time > after && answer.status < 300 && answer.what !== 'verify' && answer.what !== 'user',
      )
      .map(({ what }) => what),
    'writes were acknowledged after a failed sync',
  );
  assert(status === 503, `a write after a failed sync returned ${status}`);
  assert(/"level":50[^\n]*disk/.test(tested.output), 'the log does not mention the disk');
  const reads = record.after(after, 204).concat(record.after(after, 200)).length;

  await tested.server.kill();
  const back = await tested.start();
  await judge(tested, record, { isKilled: true });
  return {
    'noticed after (ms)': noticed,
    'red after (ms)': red,
    'reads meanwhile': reads,
    'ready again after (ms)': back,
  };
}

async function run(context: ScenarioContext): Promise<Figures> {
  const tested = context.sqlite();
  await tested.start();
  let figures: Figures = {};
  for (let round = 0; round < rounds(1, 4); round += 1) {
    const first = context.random.between(1, GOOD_SYNCS_MOST);
    // First a single failure: the system drops the data, and the next sync succeeds. Then all syncs from one
    // on.
    figures = await fail(tested, context, { when: `${first}${round % 2 === 0 ? '' : '+'}` });
  }
  return figures;
}

/** Only checkpoints sync the database file. Commits sync the write-ahead log. */
async function runCheckpoint(context: ScenarioContext): Promise<Figures> {
  const tested = context.sqlite();
  await tested.start();
  return fail(tested, context, { when: '1', file: tested.store.file, milliseconds: CHECKPOINT_MILLISECONDS });
}

// Covers B40 in docs/explanation/security.md.
describeScenario({
  name: 'failing syncs (EIO) on SQLite',
  needs: STRACE_NEEDS,
  run,
});

// Covers B40 in docs/explanation/security.md.
describeScenario({
  name: 'a failing sync (EIO) in a checkpoint of SQLite',
  needs: STRACE_NEEDS,
  run: runCheckpoint,
  isLong: true,
});
