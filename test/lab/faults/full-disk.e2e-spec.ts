import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MixedLoad } from './harness/mixed-load.js';
import { insistOnHonestAnswers, judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { IS_SHORT, promised } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { SystemCalls } from './harness/system-calls.js';
import { mountTmpfs, STRACE_NEEDS, TMPFS_NEEDS } from './harness/system-programs.js';
import { insist, insistWithin } from './harness/violation.js';
import { TAKES_A_ROLLED_BACK_TRANSACTION_FOR_OPEN, TELLS_WHAT_SQLITE_SAID } from './sabotages.js';

const MEBIBYTES = 4;
const CLIENTS = 4;
const FULL_MILLISECONDS = IS_SHORT ? 1_500 : 5_000;
/** What is promised (B39). */
const BACK_MILLISECONDS = promised(5_000);
/** Which of the writes fail; chance says so. */
const FIRST_REFUSED_MOST = 10;
const STEP_LEAST = 15;
const STEP_MOST = 40;
const BLOCK = Buffer.alloc(4_096, 1);

/** Writes a file until nothing more fits. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (;;) {
      writeSync(descriptor, BLOCK);
    }
  } catch (error) {
    insist((error as NodeJS.ErrnoException).code === 'ENOSPC', `the disk is not full: ${String(error)}`);
  } finally {
    closeSync(descriptor);
  }
}

async function playFull(stage: Stage): Promise<Figures> {
  const { ledger } = stage;
  const { folder, unmount } = mountTmpfs(MEBIBYTES);
  stage.later(unmount);
  const subject = stage.sqlite({}, folder);
  const ballast = join(folder, 'ballast');
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(20);

  fill(ballast);
  const fullTime = performance.now();
  await insistWithin(
    BACK_MILLISECONDS,
    () => ledger.after(fullTime, 503).length > 0 || ledger.malformed.length > 0,
    'no write is refused',
  );
  const refusedTime = performance.now();
  await new Promise((goOn) => setTimeout(goOn, FULL_MILLISECONDS));
  insistOnHonestAnswers(ledger);
  const refused = ledger.after(refusedTime, 503);
  const reads = ledger.after(refusedTime, 204).length + ledger.after(refusedTime, 200).length;
  insist(reads > 0, 'tokens are not verified while the disk is full');
  insist(
    refused.every(({ what }) => what !== 'verify'),
    'verifications are refused while the disk is full',
  );

  rmSync(ballast);
  const freeTime = performance.now();
  const back = await insistWithin(
    BACK_MILLISECONDS,
    () => ledger.after(freeTime, 201).length > 0,
    'no write is taken though there is space again',
  );
  await load.stop();
  await judge(subject, ledger);
  return { refused: refused.length, 'verified meanwhile': reads, 'written again after (ms)': back };
}

/** Has every so many writes of the files fail as on a full disk, whatever it is that is written. */
async function playRefusals(stage: Stage): Promise<Figures> {
  const { ledger, random } = stage;
  const subject = stage.sqlite();
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(20);

  const first = random.between(1, FIRST_REFUSED_MOST);
  const step = random.between(STEP_LEAST, STEP_MOST);
  const begunTime = performance.now();
  const calls = await SystemCalls.watch(subject.server, `pwrite64:error=ENOSPC:when=${first}+${step}`);
  await new Promise((goOn) => setTimeout(goOn, FULL_MILLISECONDS));
  await calls.stop();
  const freeTime = performance.now();
  await insistWithin(
    BACK_MILLISECONDS,
    () => ledger.after(freeTime, 201).length > 0,
    'no write is taken though there is space again',
  );
  await load.stop();
  const refused = ledger.after(begunTime, 503).length;
  insist(refused > 0, 'nothing was refused');
  await judge(subject, ledger);
  return { refused, 'changes kept': ledger.acknowledged.size };
}

describeScenario({
  name: `B39 a full disk of ${MEBIBYTES} MiB under SQLite`,
  needs: TMPFS_NEEDS,
  play: playFull,
  sabotages: [
    {
      sabotage: TAKES_A_ROLLED_BACK_TRANSACTION_FOR_OPEN,
      complaint: /clients saw what may not be|acknowledged .* are lost/,
    },
    {
      sabotage: TELLS_WHAT_SQLITE_SAID,
      isLong: true,
      complaint: /answers are not as every answer is.* reveals the internal detail/,
    },
  ],
});

describeScenario({
  name: 'B39 writes of the SQLite file that fail with ENOSPC now and then',
  needs: STRACE_NEEDS,
  play: playRefusals,
  sabotages: [
    {
      sabotage: TAKES_A_ROLLED_BACK_TRANSACTION_FOR_OPEN,
      complaint: /clients saw what may not be|acknowledged .* are lost|no write is taken/,
      isLong: true,
    },
  ],
});
