import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux setting that restricts ptrace. */
const PTRACE_SCOPE = '/proc/sys/kernel/yama/ptrace_scope';

/** Missing requirement for tracing system calls, or `null`. */
export const STRACE_NEEDS = canAttach() ? null : 'strace: apt-get install strace, and the right to attach it';

/** Missing requirement for mounting a small file system, or `null`. */
export const TMPFS_NEEDS = canMount() ? null : 'tmpfs: the right to mount one, which root has';

/** Library that shifts the clock of a process, if installed. */
export const FAKETIME_LIBRARY = findFaketime();

/** Missing requirement for shifting the clock, or `null`. */
export const FAKETIME_NEEDS = FAKETIME_LIBRARY === undefined ? 'faketime: apt-get install faketime' : null;

/** Mounts a tmpfs of some MiB on a new folder, until `unmount` is called. */
export function mountTmpfs(mebibytes: number): { folder: string; unmount: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));
  const { status, stderr } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    rmdirSync(folder);
    throw new Error(`Mounting a tmpfs failed: ${stderr}`);
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

/** Whether strace may attach to a running process. */
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
