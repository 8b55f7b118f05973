// Measures all performance goals against their upper bounds. Pass names of parts to run only these.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import pg from 'pg';
import { startPostgresCluster } from '../../support/database/postgres-cluster.mjs';
import { measureAuditSearch } from './audit-search.mjs';
import { measureStart } from './cold-start.mjs';
import { measureDatabaseCost } from './database-cost.mjs';
import { measureEnumeration } from './enumeration.mjs';
import { measureInterference } from './interference.mjs';
import { measureIntrospection } from './introspection.mjs';
import { measureFlood, measureLogIns } from './login.mjs';
import { measurePermissions } from './many-permissions.mjs';
import { measureOverload } from './overload.mjs';
import { measureBulk } from './token-bulk.mjs';
import { measureExport } from './token-export.mjs';
import { measureLists } from './token-list.mjs';
import { measureLastUse } from './last-use.mjs';
import { measurePeers } from './peers.mjs';
import { measureRejections } from './rejections.mjs';
import { measureVerify } from './verify.mjs';
import { measureWorkers } from './workers.mjs';
import { measureWorkingSets } from './working-sets.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const RESULTS = 'bench.json';

const PARTS = {
  verify: withDatabases((databases) => measureVerify({ rounds: ROUNDS, databases })),
  introspection: withDatabases((databases) => measureIntrospection({ rounds: ROUNDS, databases })),
  'working-sets': withDatabases((databases) => measureWorkingSets({ rounds: ROUNDS, databases })),
  'last-use': withDatabases((databases) => measureLastUse({ rounds: ROUNDS, databases })),
  rejections: withDatabases((databases) => measureRejections({ rounds: ROUNDS, databases })),
  permissions: withDatabases((databases) => measurePermissions({ rounds: ROUNDS, databases })),
  login: () => measureLogIns({ rounds: ROUNDS }),
  enumeration: withDatabases((databases) => measureEnumeration({ rounds: ROUNDS, databases })),
  interference: () => measureInterference({ rounds: ROUNDS }),
  flood: () => measureFlood(),
  overload: () => measureOverload(),
  'database-cost': withDatabases(({ PostgreSQL }) =>
    measureDatabaseCost({ rounds: ROUNDS, newDatabase: PostgreSQL }),
  ),
  workers: withDatabases(({ PostgreSQL }) => measureWorkers({ rounds: ROUNDS, newDatabase: PostgreSQL })),
  lists: withDatabases((databases) => measureLists({ rounds: ROUNDS, databases })),
  export: withDatabases((databases) => measureExport({ rounds: ROUNDS, databases })),
  bulk: withDatabases((databases) => measureBulk({ databases })),
  'audit-search': withDatabases((databases) => measureAuditSearch({ rounds: ROUNDS, databases })),
  peers: () => measurePeers({ rounds: ROUNDS }),
  start: () => measureStart({ rounds: ROUNDS }),
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  throw new Error(`Unknown part: ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`);
}
const machine = {
  node: process.version,
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  load: loadavg()[0],
};
console.log(
  `Node ${machine.node}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, load ${machine.load.toFixed(1)} before`,
);
const parts = {};
for (const name of wanted) {
  process.stderr.write(`${name}\n`);
  parts[name] = await PARTS[name]();
  console.table(parts[name]);
  writeFileSync(RESULTS, `${JSON.stringify({ machine, rounds: ROUNDS, parts }, null, 2)}\n`);
}
console.log(`Results are in ${RESULTS}`);

/** Passes functions that create a new database: they return its URL, or nothing for a file in the server's folder. */
function withDatabases(measure) {
  return async () => {
    const cluster = await startPostgresCluster();
    try {
      return await measure({ SQLite: async () => undefined, PostgreSQL: () => createDatabase(cluster.url) });
    } finally {
      await cluster.stop();
    }
  };
}

async function createDatabase(cluster) {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(cluster), { pathname: name }).href;
}
