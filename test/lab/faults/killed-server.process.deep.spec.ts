import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline, rounds } from './harness/settings.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { assert } from './harness/violation.js';

const CLIENTS = 4;
/** Bounds for the random number of acknowledged changes before the server is killed. */
const CHANGES_LEAST = 30;
const CHANGES_MOST = 60;
const READY_MILLISECONDS = deadline(5_000);
/** Rounds between checks. Losses in earlier rounds are still found. */
const ROUNDS_BETWEEN_CHECKS = 10;

async function run(
  count: number,
  tested: TestedServer,
  { record, random }: ScenarioContext,
): Promise<Figures> {
  let slowest = await tested.start();
  for (let round = 1; round <= count; round += 1) {
    const load = new MixedLoad(tested.server, record, CLIENTS);
    await load.acknowledges(random.between(CHANGES_LEAST, CHANGES_MOST));
    await tested.server.kill();
    await load.isLost();
    slowest = Math.max(slowest, await tested.start());
    if (round % ROUNDS_BETWEEN_CHECKS === 0 || round === count) {
      await judge(tested, record, { isKilled: true });
    }
  }
  assert(record.revoked.size > 0, 'no token was revoked, so the test proves nothing about them');
  assert(slowest < READY_MILLISECONDS, `the server was ready only after ${slowest.toFixed()} ms`);
  return {
    rounds: count,
    'changes kept': record.acknowledged.size,
    'live tokens': record.issued.size,
    'revoked tokens': record.revoked.size,
    'ready again after at most (ms)': slowest,
  };
}

// Covers B36 in docs/explanation/security.md.
describeScenario({
  name: 'kill -9 of a server on SQLite, under load',
  run: (context) => run(rounds(2, 50), context.sqlite(), context),
});

// Covers B36 in docs/explanation/security.md.
describeScenario({
  name: 'kill -9 of a server on PostgreSQL, under load',
  run: async (context) => run(rounds(1, 20), await context.postgres(), context),
});
