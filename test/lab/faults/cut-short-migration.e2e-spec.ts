import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MixedLoad } from './harness/mixed-load.js';
import { makeOlder, MIGRATION_COUNT, OLDER_COUNT } from './harness/older-database.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { rounds } from './harness/settings.js';
import { type On, type Stage } from './harness/stage.js';
import { type SqliteStore } from './harness/store.js';
import { type Subject } from './harness/subject.js';
import { assert } from './harness/violation.js';
import { MIGRATES_WITHOUT_LOCK, MIGRATES_WITHOUT_TRANSACTIONS } from './sabotages.js';

const CLIENTS = 4;
const CHANGES = 60;
const PAUSE_MOST_MILLISECONDS = 8;
const PATIENCE_MILLISECONDS = 30_000;

/** Fills a database, and reverts it to the schema of an older build. */
async function fillAndAge(subject: Subject, { ledger }: Stage): Promise<void> {
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(CHANGES);
  await load.stop();
  await subject.server.stop();
  await makeOlder(subject.store);
}

const appliedIn = async ({ store }: Subject) =>
  (await store.query<{ name: string }>('SELECT "name" FROM "migrations"')).map(({ name }) => name);

/** Starts a server and kills it after some migrations. Returns the number of completed migrations. */
async function killAfter(subject: On<SqliteStore>, count: number, milliseconds: number): Promise<number> {
  const server = await subject.spawn();
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while ((await appliedIn(subject)).length < count) {
    assert(performance.now() < deadline, `migration ${count} does not run`);
    await new Promise(setImmediate);
  }
  await pause(milliseconds);
  await server.kill();
  return (await appliedIn(subject)).length;
}

async function runKilled(stage: Stage): Promise<Figures> {
  const subject = stage.sqlite();
  const { file } = subject.store;
  const older = `${file}.older`;
  await fillAndAge(subject, stage);
  copyFileSync(file, older);
  const count = rounds(2, 20);
  let between = 0;
  for (let round = 0; round < count; round += 1) {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(`${file}${end}`, { force: true });
    }
    copyFileSync(older, file);
    const reached = await killAfter(
      subject,
      stage.random.between(OLDER_COUNT, MIGRATION_COUNT - 1),
      stage.random.between(0, PAUSE_MOST_MILLISECONDS),
    );
    between += Number(reached < MIGRATION_COUNT);

    await subject.start();
    const applied = await appliedIn(subject);
    assert(applied.length === MIGRATION_COUNT, `${applied.length} of ${MIGRATION_COUNT} migrations ran`);
    assert(new Set(applied).size === applied.length, 'a migration ran twice');
    if (round < count - 1) {
      await subject.server.kill();
    }
  }
  assert(between > 0, 'every server was killed after the last migration');
  await judge(subject, stage.ledger);
  return { rounds: count, 'killed between migrations': between };
}

async function runTogether(stage: Stage): Promise<Figures> {
  const first = await stage.postgres();
  await fillAndAge(first, stage);
  const second = stage.beside(first);

  const times = await Promise.all([first.start(), second.start()]);

  const applied = await appliedIn(first);
  assert(applied.length === MIGRATION_COUNT, `${applied.length} of ${MIGRATION_COUNT} migrations ran`);
  assert(new Set(applied).size === applied.length, 'a migration ran twice');
  await judge(first, stage.ledger);
  await judge(second, stage.ledger);
  return { 'both ready after (ms)': Math.max(...times) };
}

// B41
describeScenario({
  name: 'kill -9 during the migrations of a SQLite file',
  run: runKilled,
  sabotages: [
    {
      sabotage: MIGRATES_WITHOUT_TRANSACTIONS,
      complaint: /The server did not start: .*(already exists|duplicate column)/s,
      isLong: true,
    },
  ],
});

// B41
describeScenario({
  name: 'two replicas that migrate the same database',
  run: runTogether,
  sabotages: [
    {
      sabotage: MIGRATES_WITHOUT_LOCK,
      complaint: /The server did not start: .*(already exists|duplicate key|does not exist)/s,
      isLong: true,
    },
  ],
});
