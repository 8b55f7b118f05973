import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux says who may watch whose processes. */
const PTRACE_SCOPE = '/proc/sys/kernel/yama/ptrace_scope';

/** What has to be there to watch and break system calls; `null` = nothing. */
export const STRACE_NEEDS = canAttach() ? null : 'strace: apt-get install strace, and the right to attach it';

/** What has to be there to make a file system of a few MiB; `null` = nothing. */
export const TMPFS_NEEDS = canMount() ? null : 'tmpfs: the right to mount one, which root has';

/** The library that shifts the clock of a process, if it is installed. */
export const FAKETIME_LIBRARY = findFaketime();

/** What has to be installed to shift the clock; `null` = nothing. */
export const FAKETIME_NEEDS = FAKETIME_LIBRARY === undefined ? 'faketime: apt-get install faketime' : null;

/** A tmpfs of so many MiB on a folder of its own, until `unmount` is called. */
export function mountTmpfs(mebibytes: number): { folder: string; unmount: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));
  const { status, stderr } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    rmdirSync(folder);
    throw new Error(`No tmpfs was mounted: ${stderr}`);
  }
  return {
    folder,
    unmount: () => {
      spawnSync('umount', [folder]);
      rmdirSync(folder);
    },
  };
}

function canMount(): boolean {
  try {
    mountTmpfs(1).unmount();
    return true;
  } catch {
    return false;
  }
}

/** Whether a process may be watched that was not started for it. */
function canAttach(): boolean {
  const canTrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
  const isRestricted = existsSync(PTRACE_SCOPE) && readFileSync(PTRACE_SCOPE, 'utf8').trim() !== '0';
  return canTrace && (process.getuid?.() === 0 || !isRestricted);
}

function findFaketime(): string | undefined {
  return ['/usr/lib', '/usr/local/lib']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    .map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}
