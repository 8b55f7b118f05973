import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Bytes in the path of a socket: what macOS takes; Linux takes four more. */
const PATH_MAX_BYTES = 103;

/** Where the server that uses an SQLite file listens for commands: beside the file, whichever link led to it. */
export function socketPathOf(file: string): string {
  return `${realpathSync(file)}.sock`;
}

/**
 * Uses a socket by a path that is short enough for the system. Where its own is too long, that is by a link to its
 * folder, which is there only meanwhile; who may open the socket is still up to the socket and its folder.
 */
export async function byShortPath<T>(path: string, use: (path: string) => Promise<T>): Promise<T> {
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
