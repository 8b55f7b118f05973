import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.mjs';

/** Debian's folder of PostgreSQL programs, with one folder per version. */
const VERSIONS = '/usr/lib/postgresql';

/** Options of initdb: ICU collation, like most clusters. */
export const CLUSTER_OPTIONS = [
  '--encoding=UTF8',
  '--locale=C.UTF-8',
  '--locale-provider=icu',
  '--icu-locale=en-US',
  '--no-sync',
];

/** Settings for tests: the system keeps the writes of a killed process, and no test cuts the power. */
export const CLUSTER_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'max_connections=300',
  'fsync=off',
  'full_page_writes=off',
];

/**
 * Returns the folder with the programs of an installed PostgreSQL, by default the newest, or `null`. The
 * embedded PostgreSQL has no `pg_dump`.
 * @param {string} [version] major version, such as `15`
 * @returns {string | null}
 */
export function systemPostgres(version) {
  const installed = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = installed
    .filter((each) => version === undefined || each === version)
    .map((each) => join(VERSIONS, each, 'bin'));
  return (
    folders.find((folder) => ['initdb', 'pg_dump'].every((name) => existsSync(join(folder, name)))) ?? null
  );
}

/**
 * Creates and starts a cluster with the programs in a folder. Its administrator needs no password.
 * @param {string} programs
 * @param {{ administrator?: string, parent?: string }} [options] `parent` will contain the data folder
 */
export async function startSystemPostgres(programs, { administrator = 'latchkey', parent = tmpdir() } = {}) {
  const folder = mkdtempSync(join(parent, 'latchkey-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  /** @param {string} program @param {string[]} words */
  const run = (program, ...words) => {
    // PostgreSQL does not run as root. Its package creates an account for it.
    const [first = '', ...rest] = [...(isRoot ? ['runuser', '-u', 'postgres', '--'] : []), program, ...words];
    const { status, stdout, stderr } = spawnSync(first, rest, { encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(`${program} exited with ${status}: ${stdout}${stderr}`);
    }
  };
  if (isRoot) {
    chmodSync(folder, 0o777);
  }
  const settings = [...CLUSTER_SETTINGS, `unix_socket_directories=${folder}`];
  const options = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
  run(join(programs, 'initdb'), '-D', data, '-A', 'trust', '-U', administrator, ...CLUSTER_OPTIONS);
  run(join(programs, 'pg_ctl'), '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  return {
    url: `postgres://${administrator}@127.0.0.1:${port}/postgres`,
    stop: () => {
      run(join(programs, 'pg_ctl'), '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true });
    },
  };
}
