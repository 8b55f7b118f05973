import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../apps/api/src/platform/database/migrations/index.js';
import { ApiClient } from '../../support/api-client.js';
import { CommandProcess } from '../../support/command-line.js';
import { deployedNginx, NGINX_MISSING, startNginx } from '../../support/external-programs.js';
import { NEXT_MIGRATIONS, UNDO_NEXT } from '../../support/next-migrations.mjs';
import { MAIN, NEXT_BUILD } from '../../support/server-process.js';
import { type ClientRecord } from './harness/client-record.js';
import { judge } from './harness/judge.js';
import { MixedLoad } from './harness/mixed-load.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { assert, assertNone } from './harness/violation.js';

const CLIENTS = 4;
/** Changes while builds run beside each other, and between two upgrades. */
const CHANGES = 20;

/** Main file of the previous build, such as the last release; this build if absent. */
const PREVIOUS = process.env['UPGRADE_FROM'] ?? MAIN;

/**
 * Number of upgrades and of rollbacks. `npm run lab -- upgrades` sets it, and uses the delivered times, which
 * take 15 s per restart.
 */
const UPGRADES = Number(process.env['UPGRADES'] ?? 0);
/** Pause of the clients. The short run leaves the processor to other tests. */
const PAUSE_MILLISECONDS = UPGRADES > 0 ? 0 : 200;
const DRAIN_SECONDS = UPGRADES > 0 ? '5' : '1';
const KEEP_ALIVE = UPGRADES > 0 ? '3s' : '500ms';
const REPLICA = {
  LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  LATCHKEY_DRAIN_SECONDS: DRAIN_SECONDS,
  // Without a cache each replica rejects a revoked token at once, so the clients can check that.
  LATCHKEY_TOKEN_CACHE_SECONDS: '0',
};

const portOf = ({ client }: TestedServer) => Number(new URL(client.baseUrl).port);
const authority = ({ client }: TestedServer) => new URL(client.baseUrl).host;

/** Replaces the process of a server by another build on the same port. */
async function replace(tested: TestedServer, main: string): Promise<void> {
  const port = portOf(tested);
  const code = await tested.server.stop();
  assert(code === 0, `a server exited with ${code}`);
  await tested.start(port, main);
}

const migrationsIn = async ({ store }: TestedServer) =>
  (await store.query('SELECT "name" FROM "migrations"')).length;

/** @throws Violation unless all requests succeeded, apart from the checks of revoked tokens. */
function assertNoneRejected({ responses, lost }: ClientRecord): void {
  assertNone(lost, 'requests got no response');
  assertNone(
    responses
      .filter(({ status, what }) => status >= 300 && !(status === 401 && what === 'verify'))
      .map(({ what, status, text }) => `${what} ${status} ${text}`),
    'requests were rejected',
  );
}

async function runReplicas(context: ScenarioContext): Promise<Figures> {
  const { record } = context;
  const first = await context.postgres(REPLICA);
  const second = context.beside(first, REPLICA);
  const replicas = [first, second];
  for (const replica of replicas) {
    await replica.start(undefined, PREVIOUS);
  }
  const nginx = await startNginx(
    deployedNginx(
      [authority(first), authority(second)],
      readFileSync('deploy/nginx.conf', 'utf8').replace(
        'keepalive_timeout 3s',
        `keepalive_timeout ${KEEP_ALIVE}`,
      ),
    ),
  );
  context.addCleanUp(() => nginx.stop());
  // nginx adds header fields to its own responses.
  const client = new ApiClient(nginx.baseUrl, () => undefined);
  const load = new MixedLoad({ client, output: '' }, record, CLIENTS, PAUSE_MILLISECONDS);
  await load.acknowledges(CHANGES);
  const count = Math.max(UPGRADES, 1);
  for (let round = 0; round < count; round += 1) {
    for (const main of [NEXT_BUILD, PREVIOUS]) {
      for (const replica of replicas) {
        await replace(replica, main);
        await load.acknowledges(CHANGES);
      }
      const migrations = await migrationsIn(first);
      assert(migrations === MIGRATIONS.length + NEXT_MIGRATIONS.length, `${migrations} migrations ran`);
    }
    if (round < count - 1) {
      // So that the next upgrade migrates as well. The previous build uses none of this.
      for (const sql of UNDO_NEXT) {
        await first.store.query(sql);
      }
    }
  }
  await load.stop();

  assertNoneRejected(record);
  await judge(first, record);
  await judge(second, record);
  return {
    upgrades: count,
    rollbacks: count,
    requests: record.responses.length,
    'requests lost': record.lost.length,
    'changes kept': record.acknowledged.size,
    'tokens kept': record.issued.size,
    'tokens still revoked': record.revoked.size,
    'slowest response (ms)': record.slowest,
  };
}

async function runFile(context: ScenarioContext): Promise<Figures> {
  const { record } = context;
  const tested = context.sqlite();
  await tested.start(undefined, PREVIOUS);
  const latchkey = new CommandProcess(tested.environment, tested.store.folder);
  const change = async () => {
    const load = new MixedLoad(tested.server, record, CLIENTS);
    await load.acknowledges(CHANGES);
    await load.stop();
  };
  const count = Math.max(UPGRADES, 1);
  for (let round = 0; round < count; round += 1) {
    await change();
    const backup = join(tested.store.folder, `backup-${round}.sqlite`);
    await latchkey.json('backup', backup);
    await replace(tested, NEXT_BUILD);
    await change();
    const migrations = await migrationsIn(tested);
    assert(migrations === MIGRATIONS.length + NEXT_MIGRATIONS.length, `${migrations} migrations ran`);
    await replace(tested, PREVIOUS);
    await change();
    if (round < count - 1) {
      await tested.server.stop();
      tested.store.execute(...UNDO_NEXT);
      await tested.start(portOf(tested), PREVIOUS);
    }
  }

  assertNoneRejected(record);
  await judge(tested, record);
  return {
    upgrades: count,
    rollbacks: count,
    requests: record.responses.length,
    'changes kept': record.acknowledged.size,
    'tokens kept': record.issued.size,
  };
}

describeScenario({
  name: 'upgrades and rollbacks of two replicas behind nginx',
  needs: NGINX_MISSING,
  run: runReplicas,
});

describeScenario({
  name: 'upgrades and rollbacks of a SQLite file',
  run: runFile,
});
