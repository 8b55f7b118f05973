import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MixedLoad } from './harness/mixed-load.js';
import { assertExpectedResponses, judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { IS_SHORT, deadline } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { SystemCalls } from './harness/system-calls.js';
import { mountTmpfs, STRACE_NEEDS, TMPFS_NEEDS } from './harness/system-programs.js';
import { assert, waitUntil } from './harness/violation.js';
import { CONTINUES_A_ROLLED_BACK_TRANSACTION, LEAKS_SQLITE_MESSAGES } from './sabotages.js';

const MEBIBYTES = 4;
const CLIENTS = 4;
const FULL_MILLISECONDS = IS_SHORT ? 1_500 : 5_000;
const BACK_MILLISECONDS = deadline(5_000);
/** Bounds for the random selection of failing writes. */
const FIRST_FAILURE_MOST = 10;
const STEP_LEAST = 15;
const STEP_MOST = 40;
const BLOCK = Buffer.alloc(4_096, 1);

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

async function runFull(stage: Stage): Promise<Figures> {
  const { ledger } = stage;
  const { folder, unmount } = mountTmpfs(MEBIBYTES);
  stage.addCleanUp(unmount);
  const subject = stage.sqlite({}, folder);
  const ballast = join(folder, 'ballast');
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(20);

  fill(ballast);
  const fullTime = performance.now();
  await waitUntil(
    BACK_MILLISECONDS,
    () => ledger.after(fullTime, 503).length > 0 || ledger.malformed.length > 0,
    'no write is rejected',
  );
  const rejectedTime = performance.now();
  await new Promise((resolve) => setTimeout(resolve, FULL_MILLISECONDS));
  const reads = () => ledger.after(rejectedTime, 204).length + ledger.after(rejectedTime, 200).length;
  await waitUntil(BACK_MILLISECONDS, () => reads() > 0, 'tokens are not verified while the disk is full');
  const verified = reads();
  assertExpectedResponses(ledger);
  const rejected = ledger.after(rejectedTime, 503);
  assert(
    rejected.every(({ what }) => what !== 'verify'),
    'verifications are rejected while the disk is full',
  );

  rmSync(ballast);
  const freeTime = performance.now();
  const back = await waitUntil(
    BACK_MILLISECONDS,
    () => ledger.after(freeTime, 201).length > 0,
    'writes are still rejected although there is space',
  );
  await load.stop();
  await judge(subject, ledger);
  return { rejected: rejected.length, 'verified meanwhile': verified, 'writes resumed after (ms)': back };
}

/** Lets writes fail at intervals, like on a full disk. */
async function runRejections(stage: Stage): Promise<Figures> {
  const { ledger, random } = stage;
  const subject = stage.sqlite();
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(20);

  const first = random.between(1, FIRST_FAILURE_MOST);
  const step = random.between(STEP_LEAST, STEP_MOST);
  const begunTime = performance.now();
  const calls = await SystemCalls.watch(subject.server, `pwrite64:error=ENOSPC:when=${first}+${step}`);
  await new Promise((resolve) => setTimeout(resolve, FULL_MILLISECONDS));
  await calls.stop();
  const freeTime = performance.now();
  await waitUntil(
    BACK_MILLISECONDS,
    () => ledger.after(freeTime, 201).length > 0,
    'writes are still rejected although there is space',
  );
  await load.stop();
  const rejected = ledger.after(begunTime, 503).length;
  assert(rejected > 0, 'no write was rejected');
  await judge(subject, ledger);
  return { rejected, 'changes kept': ledger.acknowledged.size };
}

// B39
describeScenario({
  name: `a full disk of ${MEBIBYTES} MiB under SQLite`,
  needs: TMPFS_NEEDS,
  run: runFull,
  sabotages: [
    {
      sabotage: CONTINUES_A_ROLLED_BACK_TRANSACTION,
      complaint: /clients saw invalid states|acknowledged .* are lost/,
    },
    {
      sabotage: LEAKS_SQLITE_MESSAGES,
      isLong: true,
      complaint: /responses are malformed.* reveals the internal detail/,
    },
  ],
});

// B39
describeScenario({
  name: 'occasional ENOSPC on SQLite',
  needs: STRACE_NEEDS,
  run: runRejections,
  sabotages: [
    {
      sabotage: CONTINUES_A_ROLLED_BACK_TRANSACTION,
      complaint: /clients saw invalid states|acknowledged .* are lost|writes are still rejected/,
      isLong: true,
    },
  ],
});
