import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.mjs';

/** Debian's folder of PostgreSQL programs, with one folder per version. */
const VERSIONS = '/usr/lib/postgresql';

/**
 * Returns the folder with the programs of the newest installed PostgreSQL, or `null`. The embedded PostgreSQL has no `pg_dump`.
 */
export function systemPostgres(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(VERSIONS, version, 'bin'));
  return (
    folders.find((folder) => ['initdb', 'pg_dump'].every((name) => existsSync(join(folder, name)))) ?? null
  );
}

/** A running PostgreSQL of the system. */
export interface SystemPostgres {
  url: string;
  stop: () => void;
}

/** Creates and starts a cluster with the programs in a folder. Its administrator needs no password. */
export async function startSystemPostgres(
  programs: string,
  administrator = 'latchkey',
): Promise<SystemPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  const run = (program: string, ...words: string[]) => {
    // PostgreSQL refuses to run as root. Its package creates an account for it.
    const [first = '', ...rest] = [...(isRoot ? ['runuser', '-u', 'postgres', '--'] : []), program, ...words];
    const { status, stdout, stderr } = spawnSync(first, rest, { encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(`${program} exited with ${status}: ${stdout}${stderr}`);
    }
  };
  if (isRoot) {
    chmodSync(folder, 0o777);
  }
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder}`;
  run(join(programs, 'initdb'), '-D', data, '-A', 'trust', '-U', administrator, '-E', 'UTF8', '--no-sync');
  run(join(programs, 'pg_ctl'), '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  return {
    url: `postgres://${administrator}@127.0.0.1:${port}/postgres`,
    stop: () => {
      run(join(programs, 'pg_ctl'), '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true });
    },
  };
}
