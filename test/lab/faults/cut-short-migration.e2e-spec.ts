import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MixedLoad } from './harness/mixed-load.js';
import { makeOlder, MIGRATION_COUNT, OLDER_COUNT } from './harness/older-database.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { rounds } from './harness/settings.js';
import { type On, type Stage } from './harness/stage.js';
import { type SqliteStore } from './harness/store.js';
import { type Subject } from './harness/subject.js';
import { insist } from './harness/violation.js';
import { MIGRATES_SIDE_BY_SIDE, MIGRATES_STATEMENT_BY_STATEMENT } from './sabotages.js';

const CLIENTS = 4;
const CHANGES = 60;
const PAUSE_MOST_MILLISECONDS = 8;
const PATIENCE_MILLISECONDS = 30_000;

/** Fills a database, and takes it back to what an older build had made of it. */
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

/** Starts a server, kills it once so many migrations have been run, and returns how many it had run when it was gone. */
async function killAfter(subject: On<SqliteStore>, count: number, milliseconds: number): Promise<number> {
  const server = await subject.spawn();
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while ((await appliedIn(subject)).length < count) {
    insist(performance.now() < deadline, `no migration ${count} is run`);
    await new Promise(setImmediate);
  }
  await pause(milliseconds);
  await server.kill();
  return (await appliedIn(subject)).length;
}

async function playKilled(stage: Stage): Promise<Figures> {
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
    insist(applied.length === MIGRATION_COUNT, `${applied.length} of ${MIGRATION_COUNT} migrations were run`);
    insist(new Set(applied).size === applied.length, 'a migration was run twice');
    if (round < count - 1) {
      await subject.server.kill();
    }
  }
  insist(between > 0, 'each server was killed after the last migration, so that nothing is shown');
  await judge(subject, stage.ledger);
  return { rounds: count, 'killed between the first and the last migration': between };
}

async function playTogether(stage: Stage): Promise<Figures> {
  const first = await stage.postgres();
  await fillAndAge(first, stage);
  const second = stage.beside(first);

  const times = await Promise.all([first.start(), second.start()]);

  const applied = await appliedIn(first);
  insist(applied.length === MIGRATION_COUNT, `${applied.length} of ${MIGRATION_COUNT} migrations were run`);
  insist(new Set(applied).size === applied.length, 'a migration was run twice');
  await judge(first, stage.ledger);
  await judge(second, stage.ledger);
  return { 'both ready after (ms)': Math.max(...times) };
}

describeScenario({
  name: 'B41 kill -9 in the middle of the migrations of an SQLite file',
  play: playKilled,
  sabotages: [
    {
      sabotage: MIGRATES_STATEMENT_BY_STATEMENT,
      complaint: /The server did not start: .*(already exists|duplicate column)/s,
      isLong: true,
    },
  ],
});

describeScenario({
  name: 'B41 two replicas that migrate one database at once',
  play: playTogether,
  sabotages: [
    {
      sabotage: MIGRATES_SIDE_BY_SIDE,
      complaint: /The server did not start: .*(already exists|duplicate key|does not exist)/s,
      isLong: true,
    },
  ],
});
