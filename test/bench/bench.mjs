// Everything that is promised of speed, measured against its ceilings in one run. Names of parts as arguments: of those only.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { startPostgresCluster } from '../support/postgres-cluster.mjs';
import { measureStart } from './cold-start.mjs';
import { measureInterference } from './interference.mjs';
import { measureFlood, measureLogIns } from './log-in.mjs';
import { measureVerify } from './verify.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const RESULTS = 'bench.json';

const PARTS = {
  verify: withPostgres((postgres) =>
    measureVerify({ rounds: ROUNDS, databases: { SQLite: undefined, PostgreSQL: postgres } }),
  ),
  'log-in': () => measureLogIns({ rounds: ROUNDS }),
  interference: () => measureInterference({ rounds: ROUNDS }),
  flood: () => measureFlood(),
  start: () => measureStart({ rounds: ROUNDS }),
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  throw new Error(`No such part: ${unknown.join(', ')}. There are ${Object.keys(PARTS).join(', ')}.`);
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
console.log(`Also in ${RESULTS}`);

function withPostgres(measure) {
  return async () => {
    const cluster = await startPostgresCluster();
    try {
      return await measure(cluster.url);
    } finally {
      await cluster.stop();
    }
  };
}
