import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Maximum bytes in the path of a socket on macOS. Linux allows four more. */
const PATH_MAX_BYTES = 103;

/** Returns the path of the command socket: beside the SQLite file, with symbolic links resolved. */
export function socketPathOf(file: string): string {
  return `${realpathSync(file)}.sock`;
}

/**
 * Calls `use` with a path of the socket that is short enough for the system. If the path itself is too long, it goes
 * through a temporary link to the folder. The permissions of the socket and its folder still apply.
 */
export async function withShortPath<T>(path: string, use: (path: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= PATH_MAX_BYTES) {
    return use(path);
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  try {
    const link = join(folder, 'd');
    symlinkSync(dirname(path), link);
    return await use(join(link, basename(path)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
