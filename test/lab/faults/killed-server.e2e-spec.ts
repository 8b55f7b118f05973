import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline, rounds } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { assert } from './harness/violation.js';
import { ACKNOWLEDGES_BEFORE_COMMIT, DROPS_AUDIT_ROWS } from './sabotages.js';

const CLIENTS = 4;
/** Bounds for the random number of acknowledged changes before the server is killed. */
const CHANGES_LEAST = 30;
const CHANGES_MOST = 60;
const READY_MILLISECONDS = deadline(5_000);
/** Rounds between checks. Losses in earlier rounds are still found. */
const ROUNDS_BETWEEN_CHECKS = 10;

async function run(count: number, subject: Subject, { ledger, random }: Stage): Promise<Figures> {
  let slowest = await subject.start();
  for (let round = 1; round <= count; round += 1) {
    const load = new MixedLoad(subject.server, ledger, CLIENTS);
    await load.acknowledges(random.between(CHANGES_LEAST, CHANGES_MOST));
    await subject.server.kill();
    await load.isLost();
    slowest = Math.max(slowest, await subject.start());
    if (round % ROUNDS_BETWEEN_CHECKS === 0 || round === count) {
      await judge(subject, ledger, { isKilled: true });
    }
  }
  assert(ledger.revoked.size > 0, 'no token was revoked, so the test proves nothing about them');
  assert(slowest < READY_MILLISECONDS, `the server was ready only after ${slowest.toFixed()} ms`);
  return {
    rounds: count,
    'changes kept': ledger.acknowledged.size,
    'live tokens': ledger.issued.size,
    'revoked tokens': ledger.revoked.size,
    'ready again after at most (ms)': slowest,
  };
}

// B36
describeScenario({
  name: 'kill -9 of a server on SQLite, under load',
  run: (stage) => run(rounds(2, 50), stage.sqlite(), stage),
  sabotages: [
    {
      sabotage: ACKNOWLEDGES_BEFORE_COMMIT,
      complaint: /^(acknowledged .* are lost|revoked tokens are valid|deleted users are back)/,
    },
    {
      sabotage: DROPS_AUDIT_ROWS,
      isLong: true,
      complaint: /acknowledged changes do not have exactly one entry/,
    },
  ],
});

// B36
describeScenario({
  name: 'kill -9 of a server on PostgreSQL, under load',
  run: async (stage) => run(rounds(1, 20), await stage.postgres(), stage),
  sabotages: [
    {
      sabotage: DROPS_AUDIT_ROWS,
      isLong: true,
      complaint: /acknowledged changes do not have exactly one entry/,
    },
  ],
});
