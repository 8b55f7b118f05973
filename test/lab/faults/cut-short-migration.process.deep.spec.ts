import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MIGRATIONS } from '../../../apps/api/src/platform/database/migrations/index.js';
import { NEXT_MIGRATIONS } from '../../support/next-migrations.mjs';
import { NEXT_BUILD } from '../../support/server-process.js';
import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { rounds } from './harness/settings.js';
import { type ServerOn, type ScenarioContext } from './harness/scenario-context.js';
import { type SqliteStore } from './harness/store.js';
import { type TestedServer } from './harness/tested-server.js';
import { assert } from './harness/violation.js';

/** Number of migrations before and after an upgrade to the next release. */
const BEFORE = MIGRATIONS.length;
const AFTER = BEFORE + NEXT_MIGRATIONS.length;

const CLIENTS = 4;
const CHANGES = 60;
const PAUSE_MOST_MILLISECONDS = 8;
const PATIENCE_MILLISECONDS = 30_000;

/** Fills a database with this release. */
async function fill(tested: TestedServer, { record }: ScenarioContext): Promise<void> {
  await tested.start();
  const load = new MixedLoad(tested.server, record, CLIENTS);
  await load.acknowledges(CHANGES);
  await load.stop();
  await tested.server.stop();
}

const appliedIn = async ({ store }: TestedServer) =>
  (await store.query<{ name: string }>('SELECT "name" FROM "migrations"')).map(({ name }) => name);

/** Starts a server and kills it after some migrations. Returns the number of completed migrations. */
async function killAfter(
  tested: ServerOn<SqliteStore>,
  count: number,
  milliseconds: number,
): Promise<number> {
  const server = await tested.spawn(NEXT_BUILD);
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while ((await appliedIn(tested)).length < count) {
    assert(performance.now() < deadline, `migration ${count} does not run`);
    await new Promise(setImmediate);
  }
  await pause(milliseconds);
  await server.kill();
  return (await appliedIn(tested)).length;
}

async function runKilled(context: ScenarioContext): Promise<Figures> {
  const tested = context.sqlite();
  const { file } = tested.store;
  const older = `${file}.older`;
  await fill(tested, context);
  copyFileSync(file, older);
  const count = rounds(2, 20);
  let between = 0;
  for (let round = 0; round < count; round += 1) {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(`${file}${end}`, { force: true });
    }
    copyFileSync(older, file);
    const reached = await killAfter(
      tested,
      context.random.between(BEFORE + 1, AFTER - 1),
      context.random.between(0, PAUSE_MOST_MILLISECONDS),
    );
    between += Number(reached < AFTER);

    await tested.start(undefined, NEXT_BUILD);
    const applied = await appliedIn(tested);
    assert(applied.length === AFTER, `${applied.length} of ${AFTER} migrations ran`);
    assert(new Set(applied).size === applied.length, 'a migration ran twice');
    if (round < count - 1) {
      await tested.server.kill();
    }
  }
  assert(between > 0, 'every server was killed after the last migration');
  await judge(tested, context.record);
  return { rounds: count, 'killed between migrations': between };
}

async function runTogether(context: ScenarioContext): Promise<Figures> {
  const first = await context.postgres();
  await fill(first, context);
  const second = context.beside(first);

  const times = await Promise.all([first, second].map((tested) => tested.start(undefined, NEXT_BUILD)));

  const applied = await appliedIn(first);
  assert(applied.length === AFTER, `${applied.length} of ${AFTER} migrations ran`);
  assert(new Set(applied).size === applied.length, 'a migration ran twice');
  await judge(first, context.record);
  await judge(second, context.record);
  return { 'both ready after (ms)': Math.max(...times) };
}

// Covers B41 in docs/explanation/security.md.
describeScenario({
  name: 'kill -9 during the migrations of a SQLite file',
  run: runKilled,
});

// Covers B41 in docs/explanation/security.md.
describeScenario({
  name: 'two replicas that migrate the same database',
  run: runTogether,
});
