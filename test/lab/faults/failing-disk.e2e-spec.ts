import { MixedLoad } from './harness/mixed-load.js';
import { insistOnHonestAnswers, judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { promised, rounds } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { SystemCalls } from './harness/system-calls.js';
import { STRACE_NEEDS } from './harness/system-programs.js';
import { insist, insistOnNone, insistWithin } from './harness/violation.js';
import {
  ACKNOWLEDGES_WHATEVER_THE_COMMIT_SAYS,
  LEAVES_CHECKPOINTS_TO_SQLITE,
  WRITES_ON_AFTER_A_FAILED_SYNC,
} from './sabotages.js';
import { ADMIN } from '../../support/factories.js';

const CLIENTS = 4;
/** The first sync that fails; chance says which. */
const GOOD_SYNCS_MOST = 20;
const NOTICED_MILLISECONDS = promised(5_000);
/** Checkpoints are made after some hundred changes. */
const CHECKPOINT_MILLISECONDS = 30_000;

/** Which syncs fail. */
interface Failing {
  /** As strace writes it. */
  when: string;
  /** The file whose syncs fail; absent = of all. */
  file?: string;
  /** Until when that must be seen. */
  milliseconds?: number;
}

/** Lets syncs of a server fail, and starts another one that reads what is there. */
async function fail(
  subject: Subject,
  { ledger }: Stage,
  { when, file, milliseconds = NOTICED_MILLISECONDS }: Failing,
): Promise<Figures> {
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(10);
  const calls = await SystemCalls.watch(subject.server, `fdatasync,fsync:error=EIO:when=${when}`, file);
  const begun = performance.now();
  const refused = () => ledger.after(begun, 503).length > 0 || !subject.isRunning;
  const noticed = await insistWithin(milliseconds, refused, 'a disk that fails is not noticed');

  const red = await insistWithin(
    NOTICED_MILLISECONDS,
    async () => !subject.isRunning || (await subject.client.ready()).status === 503,
    'readiness is green though the disk fails',
  );
  const after = performance.now();
  await new Promise((goOn) => setTimeout(goOn, 500));
  await load.stop();
  const failed = (await calls.stop()).filter(({ what, isDone }) => what === 'sync' && !isDone);
  // The disk works again, but what it lost is lost: only a start reads what is there.
  const { status } = subject.isRunning
    ? await subject.client.login(ADMIN.name, ADMIN.password)
    : { status: 503 };

  insist(failed.length > 0, 'no sync failed');
  insistOnHonestAnswers(ledger, { isKilled: !subject.isRunning });
  insistOnNone(
    ledger.answers
      .filter(
        (answer) =>
          answer.time > after && answer.status < 300 && answer.what !== 'verify' && answer.what !== 'user',
      )
      .map(({ what }) => what),
    'writes were acknowledged after a sync had failed',
  );
  insist(status === 503, `a write after a failed sync was answered ${status}`);
  insist(/"level":50[^\n]*disk/.test(subject.output), 'the log does not tell of the disk');
  const reads = ledger.after(after, 204).concat(ledger.after(after, 200)).length;

  await subject.server.kill();
  const back = await subject.start();
  await judge(subject, ledger, { isKilled: true });
  return {
    'noticed after (ms)': noticed,
    'red after (ms)': red,
    'reads meanwhile': reads,
    'ready again after (ms)': back,
  };
}

async function play(stage: Stage): Promise<Figures> {
  const subject = stage.sqlite();
  await subject.start();
  let figures: Figures = {};
  for (let round = 0; round < rounds(1, 4); round += 1) {
    const first = stage.random.between(1, GOOD_SYNCS_MOST);
    // One alone: the system drops what it could not write, and calls the next sync a success. Then all from one on.
    figures = await fail(subject, stage, { when: `${first}${round % 2 === 0 ? '' : '+'}` });
  }
  return figures;
}

/** Of the database file nothing but checkpoints is synced: commits go into the log beside it. */
async function playCheckpoint(stage: Stage): Promise<Figures> {
  const subject = stage.sqlite();
  await subject.start();
  return fail(subject, stage, { when: '1', file: subject.store.file, milliseconds: CHECKPOINT_MILLISECONDS });
}

describeScenario({
  name: 'B40 syncs of a disk under SQLite that fail with EIO',
  needs: STRACE_NEEDS,
  play,
  sabotages: [
    {
      sabotage: WRITES_ON_AFTER_A_FAILED_SYNC,
      // The failed sync may be that of a background write, whose failure no client sees.
      complaint: /^(writes were acknowledged after a sync had failed|a disk that fails is not noticed)/,
    },
    {
      sabotage: ACKNOWLEDGES_WHATEVER_THE_COMMIT_SAYS,
      isLong: true,
      complaint: /a disk that fails is not noticed/,
    },
  ],
});

describeScenario({
  name: 'B40 a sync of an SQLite file that fails with EIO in a checkpoint',
  needs: STRACE_NEEDS,
  play: playCheckpoint,
  isLong: true,
  sabotages: [{ sabotage: LEAVES_CHECKPOINTS_TO_SQLITE, complaint: /^a disk that fails is not noticed/ }],
});
