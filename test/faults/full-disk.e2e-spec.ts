import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { IS_SHORT, promised } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { mountTmpfs, TMPFS_NEEDS } from './harness/system-programs.js';
import { insist, insistWithin } from './harness/violation.js';
import { TAKES_A_ROLLED_BACK_TRANSACTION_FOR_OPEN, TELLS_WHAT_SQLITE_SAID } from './sabotages.js';

const MEBIBYTES = 4;
const CLIENTS = 4;
const FULL_MILLISECONDS = IS_SHORT ? 1_500 : 5_000;
/** What is promised (B39). */
const BACK_MILLISECONDS = promised(5_000);
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

async function play(stage: Stage): Promise<Figures> {
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
  await insistWithin(BACK_MILLISECONDS, () => ledger.after(fullTime, 503).length > 0, 'no write is refused');
  const refusedTime = performance.now();
  await new Promise((goOn) => setTimeout(goOn, FULL_MILLISECONDS));
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

describeScenario({
  name: `B39 a full disk of ${MEBIBYTES} MiB under SQLite`,
  needs: TMPFS_NEEDS,
  play,
  sabotages: [
    {
      sabotage: TAKES_A_ROLLED_BACK_TRANSACTION_FOR_OPEN,
      complaint: /clients saw what may not be|acknowledged .* are lost/,
    },
    { sabotage: TELLS_WHAT_SQLITE_SAID, isLong: true, complaint: /answers tell of the insides/ },
  ],
});
