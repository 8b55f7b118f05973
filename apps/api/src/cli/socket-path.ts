import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CommandError } from './command-error.js';

/**
 * Maximum bytes in the path of a socket on macOS. Linux allows four more. Node cuts longer paths without an
 * error, and would create the socket in another folder.
 */
const PATH_MAX_BYTES = 103;

/** Temporary folder of all systems with Unix sockets, for when `TMPDIR` is too long. */
const SHORT_TMPDIR = '/tmp';

/** Name of a temporary folder, whose X characters are random. */
const FOLDER_NAME = 'latchkey-XXXXXX';

/** Name of the link to the folder of a socket. */
const LINK = 'd';

/** Private folder for a socket. */
interface SocketFolder {
  readonly path: string;
  remove(): void;
}

/** Paths of the folders that have not been removed. */
const FOLDERS = new Set<string>();

/** Returns the path of the command socket: beside the SQLite file, with symbolic links resolved. */
export function socketPathOf(file: string): string {
  return `${realpathSync(file)}.sock`;
}

/**
 * Calls `use` with a path of the socket that is short enough for the system. If the path itself is too long,
 * it goes through a temporary link to the folder. The permissions of the socket and its folder still apply.
 */
export async function withShortPath<T>(path: string, use: (path: string) => Promise<T>): Promise<T> {
  if (isShort(path)) {
    return use(path);
  }
  const short = join(LINK, basename(path));
  const folder = createSocketFolder(short);
  try {
    symlinkSync(dirname(path), join(folder.path, LINK));
    return await use(join(folder.path, short));
  } finally {
    folder.remove();
  }
}

/**
 * Creates a temporary folder that only this account can open.
 *
 * @param socket path of the socket in the folder.
 * @param temporary folder for temporary files. It is used if it is short enough.
 */
export function createSocketFolder(socket: string, temporary = tmpdir()): SocketFolder {
  const parent = [temporary, SHORT_TMPDIR].find((each) => isShort(join(each, FOLDER_NAME, socket)));
  if (parent === undefined) {
    throw CommandError.of(
      `The path of the socket ${basename(socket)} is too long. Give the database a shorter file name.`,
    );
  }
  const path = createFolderIn(parent);
  FOLDERS.add(path);
  return { path, remove: () => removeFolder(path) };
}

/** Removes all folders of this process when it exits, or when a signal ends it. */
export function removeSocketFoldersOnExit(): void {
  const removeAll = () => FOLDERS.forEach(removeFolder);
  process.on('exit', removeAll);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      removeAll();
      // Has the default effect, because the listener is gone.
      process.kill(process.pid, signal);
    });
  }
}

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  FOLDERS.delete(path);
}

function createFolderIn(parent: string): string {
  try {
    return mkdtempSync(join(parent, FOLDER_NAME.replaceAll('X', '')));
  } catch (error) {
    throw CommandError.of(
      `No temporary folder can be created in ${parent} (${(error as NodeJS.ErrnoException).code}). Set TMPDIR to a folder that this account can write to.`,
    );
  }
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= PATH_MAX_BYTES;
}
