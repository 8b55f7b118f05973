// Runs a task that is not needed every day:
// npm run lab -- NAME [arguments]
//
// Without a name, lists all.
import { spawnSync } from 'node:child_process';

const BUILD_API = 'node apps/build.mjs api --changed';
const BUILD = 'node apps/build.mjs api admin --changed';
const TEST = 'npm run test:only --';

/** Each with a description and its commands. The last one gets the arguments. */
const TASKS = {
  // Documentation and packages
  'docs:dev': [
    'serves the documentation site, and updates it when a page changes',
    BUILD_API,
    'node supply/install-packages.mjs docs/site',
    'node docs/site/dev.mjs',
  ],
  screenshots: ['retakes the screenshots in docs/screenshots', BUILD, 'node test/console/screenshots.mjs'],
  licences: [
    'updates the list of licences and the lock file; run it after you change packages',
    'node supply/complete-lock-file.mjs',
    'node supply/licences.mjs',
  ],
  sbom: ['writes a bill of materials', 'node supply/sbom.mjs'],
  'pack:auth-models': ['packs the model library', 'node libs/pack.mjs auth-models'],
  'pack:client': ['packs the client library', 'node libs/pack.mjs client'],
  'pack:python': ['packs the client library for Python', 'python3 libs/python/build_backend.py'],

  journeys: [
    'prints the files that a login, a verification and other requests run through',
    BUILD_API,
    'node test/lab/journeys.mjs',
  ],

  // Deep tests
  properties: [
    'runs the property tests with ten times the usual inputs, and others each day',
    `${TEST} --filter ./test/support/without-deep.cjs --testTimeout=600000 --testPathPatterns \\.property\\.`,
  ],
  image: [
    'builds and runs the container image with Podman',
    'npm run pack:server',
    'node test/lab/image/run.mjs',
  ],
  systemd: ['runs the systemd guide in a container', 'npm run pack:server', 'node test/lab/systemd/run.mjs'],
  nodes: [
    'tests a copy with other Node versions, by default 22, 24 and 26; with `package`, tests the packed server',
    'node test/lab/nodes/run.mjs',
  ],
  endure: [
    'checks for crashes under load, during backups and when idle',
    BUILD_API,
    'node test/lab/nodes/endure.mjs',
  ],
  faults: ['tests crashes, full disks and wrong clocks', BUILD_API, 'node test/lab/faults/run.mjs'],
  upgrades: [
    'upgrades servers of the last release under load, and rolls them back',
    BUILD_API,
    'node test/lab/upgrades/run.mjs',
  ],
  verifiers: [
    'checks for 20 minutes that no revoked token is accepted while links fail, processes are paused and PostgreSQL fails over; `verifiers 1` for one',
    BUILD_API,
    'node test/lab/verifiers/run.mjs',
  ],
  incidents: [
    'measures verifiers while links, replicas and clocks fail',
    BUILD_API,
    'node test/lab/verifiers/incidents.mjs',
  ],
  soak: ['logs in for half an hour, and measures the memory used', BUILD_API, 'node test/lab/soak/soak.mjs'],
  mutation: [
    'measures how thorough the unit tests are',
    'node supply/install-packages.mjs test/lab/mutation',
    'node test/lab/mutation/run.mjs',
  ],
};

const [name, ...words] = process.argv.slice(2);
if (!Object.hasOwn(TASKS, name ?? '')) {
  const width = Math.max(...Object.keys(TASKS).map(({ length }) => length));
  const lines = Object.entries(TASKS).map(([each, [does]]) => `  ${each.padEnd(width)}  ${does}`);
  console.log(`npm run lab -- NAME [arguments]\n\n${lines.join('\n')}`);
  process.exit(name === undefined ? 0 : 1);
}
const [, ...commands] = TASKS[name];
const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
const environment = name === 'properties' ? { FC_RUNS: '10', FC_SEED: today, ...process.env } : process.env;
for (const [index, command] of commands.entries()) {
  const [program, ...fixed] = command.split(' ');
  const isLast = index === commands.length - 1;
  const { status } = spawnSync(program, isLast ? [...fixed, ...words] : fixed, {
    stdio: 'inherit',
    env: environment,
  });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
