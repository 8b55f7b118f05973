import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { promised, rounds } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { insist } from './harness/violation.js';
import { ACKNOWLEDGES_BEFORE_COMMIT, DROPS_AUDIT_ROWS } from './sabotages.js';

const CLIENTS = 4;
/** Changes that are acknowledged before the server is killed; chance says how many. */
const CHANGES_LEAST = 30;
const CHANGES_MOST = 60;
/** What is promised (B36). */
const READY_MILLISECONDS = promised(5_000);
/** Everything is judged after so many rounds: what was lost in one of them stays lost. */
const JUDGED_EVERY = 10;

async function play(count: number, subject: Subject, { ledger, random }: Stage): Promise<Figures> {
  let slowest = await subject.start();
  for (let round = 1; round <= count; round += 1) {
    const load = new MixedLoad(subject.server, ledger, CLIENTS);
    await load.acknowledges(random.between(CHANGES_LEAST, CHANGES_MOST));
    await subject.server.kill();
    await load.isLost();
    slowest = Math.max(slowest, await subject.start());
    if (round % JUDGED_EVERY === 0 || round === count) {
      await judge(subject, ledger, { isKilled: true });
    }
  }
  insist(ledger.ended.size > 0, 'no token was ended, so that nothing is shown of one');
  insist(slowest < READY_MILLISECONDS, `it was ready only after ${slowest.toFixed()} ms`);
  return {
    rounds: count,
    'changes kept': ledger.acknowledged.size,
    'tokens that live': ledger.issued.size,
    'tokens that ended': ledger.ended.size,
    'ready again after at most (ms)': slowest,
  };
}

describeScenario({
  name: 'B36 kill -9 of a server on SQLite, under load',
  play: (stage) => play(rounds(2, 50), stage.sqlite(), stage),
  sabotages: [
    {
      sabotage: ACKNOWLEDGES_BEFORE_COMMIT,
      complaint: /^(acknowledged .* are lost|ended tokens live|deleted users are back)/,
    },
    {
      sabotage: DROPS_AUDIT_ROWS,
      isLong: true,
      complaint: /acknowledged changes have not exactly one entry/,
    },
  ],
});

describeScenario({
  name: 'B36 kill -9 of a server on PostgreSQL, under load',
  play: async (stage) => play(rounds(1, 20), await stage.postgres(), stage),
  sabotages: [
    {
      sabotage: DROPS_AUDIT_ROWS,
      isLong: true,
      complaint: /acknowledged changes have not exactly one entry/,
    },
  ],
});
