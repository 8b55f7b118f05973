import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MixedLoad } from './harness/mixed-load.js';
import { assertExpectedResponses, judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { IS_SHORT, deadline } from './harness/settings.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { SystemCalls } from './harness/system-calls.js';
import { type TestedServer } from './harness/tested-server.js';
import { mountTmpfs, STRACE_NEEDS, TMPFS_NEEDS } from './harness/system-programs.js';
import { assert, assertWithin } from './harness/violation.js';

const MEBIBYTES = 16;
/** An empty database takes 8. */
const POSTGRES_MEBIBYTES = 32;
const CLIENTS = 4;
const FULL_MILLISECONDS = IS_SHORT ? 1_500 : 5_000;
const RED_MILLISECONDS = deadline(2_000);
const BACK_MILLISECONDS = deadline(5_000);
/** Bounds for the random selection of failing writes. */
const FIRST_FAILURE_MOST = 10;
const STEP_LEAST = 15;
const STEP_MOST = 40;
const BLOCK = Buffer.alloc(4_096, 1);

const occurrences = (text: string, part: string) => text.split(part).length - 1;

/** Writes a file until the disk is full. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (;;) {
      writeSync(descriptor, BLOCK);
    }
  } catch (error) {
    assert((error as NodeJS.ErrnoException).code === 'ENOSPC', `the disk is not full: ${String(error)}`);
  } finally {
    closeSync(descriptor);
  }
}

function runFullSqlite(context: ScenarioContext): Promise<Figures> {
  const { folder, unmount } = mountTmpfs(MEBIBYTES);
  context.addCleanUp(unmount);
  return runFull(context, context.sqlite({}, folder), folder, 'SQLITE_FULL');
}

/** Fills only the disk with the tables. If the disk with the log is full, PostgreSQL stops. */
async function runFullPostgres(context: ScenarioContext): Promise<Figures> {
  const { folder, unmount } = mountTmpfs(POSTGRES_MEBIBYTES);
  context.addCleanUp(unmount);
  const { store } = await context.postgres();
  await store.useTablespace(folder);
  return runFull(context, context.beside({ store }), folder, '53100');
}

/** @param code code of the error of the database. */
async function runFull(
  context: ScenarioContext,
  tested: TestedServer,
  folder: string,
  code: string,
): Promise<Figures> {
  const { record } = context;
  const ballast = join(folder, 'ballast');
  await tested.start();
  const load = new MixedLoad(tested.server, record, CLIENTS);
  await load.acknowledges(20);

  fill(ballast);
  const fullTime = performance.now();
  await assertWithin(
    BACK_MILLISECONDS,
    () => record.after(fullTime, 503).length > 0 || record.malformed.length > 0,
    'no write is rejected',
  );
  const rejectedTime = performance.now();
  await new Promise((resolve) => setTimeout(resolve, FULL_MILLISECONDS));
  const reads = () => record.after(rejectedTime, 204).length + record.after(rejectedTime, 200).length;
  await assertWithin(
    BACK_MILLISECONDS,
    () => reads() > 0 || record.malformed.length > 0,
    'tokens are not verified while the disk is full',
  );
  const verified = reads();
  assertExpectedResponses(record);
  const rejected = record.after(rejectedTime, 503);
  assert(
    rejected.every(({ what }) => what !== 'verify'),
    'verifications are rejected while the disk is full',
  );
  await tested.readyWithin(RED_MILLISECONDS, 503);
  const lines = occurrences(tested.output, '"level":50');
  assert(lines === 1, `${lines} errors are logged, not one`);
  assert(occurrences(tested.output, `"code":"${code}"`) === 1, 'single rejected writes are logged');

  // Without requests, the server itself must notice that there is space.
  await load.stop();
  rmSync(ballast);
  const green = await tested.readyWithin(BACK_MILLISECONDS, 200);
  // The output arrives through a pipe, later than the response.
  const ends = () => occurrences(tested.output, 'accepts changes again');
  await assertWithin(BACK_MILLISECONDS, () => ends() > 0, 'the end is not logged');
  assert(ends() === 1, 'the end is not logged once');
  const freeTime = performance.now();
  const later = new MixedLoad(tested.server, record, CLIENTS);
  const back = await assertWithin(
    BACK_MILLISECONDS,
    () => record.after(freeTime, 201).length > 0,
    'writes are still rejected although there is space',
  );
  await later.stop();
  await judge(tested, record);
  return {
    rejected: rejected.length,
    'verified meanwhile': verified,
    'ready without requests after (ms)': green,
    'writes resumed after (ms)': back,
  };
}

/** Lets writes fail at intervals, like on a full disk. */
async function runRejections(context: ScenarioContext): Promise<Figures> {
  const { record, random } = context;
  const tested = context.sqlite();
  await tested.start();
  const load = new MixedLoad(tested.server, record, CLIENTS);
  await load.acknowledges(20);

  const first = random.between(1, FIRST_FAILURE_MOST);
  const step = random.between(STEP_LEAST, STEP_MOST);
  const begunTime = performance.now();
  const calls = await SystemCalls.watch(tested.server, `pwrite64:error=ENOSPC:when=${first}+${step}`);
  await new Promise((resolve) => setTimeout(resolve, FULL_MILLISECONDS));
  await calls.stop();
  const freeTime = performance.now();
  await assertWithin(
    BACK_MILLISECONDS,
    () => record.after(freeTime, 201).length > 0,
    'writes are still rejected although there is space',
  );
  await load.stop();
  const rejected = record.after(begunTime, 503).length;
  assert(rejected > 0, 'no write was rejected');
  await judge(tested, record);
  return { rejected, 'changes kept': record.acknowledged.size };
}

// Covers B39 in docs/explanation/security.md.
describeScenario({
  name: `a full disk of ${MEBIBYTES} MiB under SQLite`,
  needs: TMPFS_NEEDS,
  run: runFullSqlite,
});

describeScenario({
  name: `a full disk of ${POSTGRES_MEBIBYTES} MiB under PostgreSQL`,
  needs: TMPFS_NEEDS,
  run: runFullPostgres,
});

// Covers B39 in docs/explanation/security.md.
describeScenario({
  name: 'occasional ENOSPC on SQLite',
  needs: STRACE_NEEDS,
  run: runRejections,
});
