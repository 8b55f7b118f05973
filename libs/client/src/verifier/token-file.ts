import { type FileHandle, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Milliseconds for which the content is kept, so that requests do not each read the file. */
const READ_PAUSE = 1_000;
/**
 * Age in milliseconds of a lock whose process has ended without removing it. A rotation takes three requests
 * of up to 30 seconds.
 */
const LOCK_MAX = 300_000;
/** Space that is reserved for a token before it is rotated, in bytes. */
const RESERVED = 1_024;

/** File with the token of a service, which several processes may read and replace. */
export class TokenFile {
  // Fields with # do not appear in logs of the verifier.
  #content = '';
  /** Time at which the content was stored, or its read began. */
  private readAt = -Infinity;

  constructor(private readonly path: string) {}

  /** Returns the token, at most a second after another process has replaced it. */
  async read(): Promise<string> {
    return performance.now() - this.readAt >= READ_PAUSE ? this.readNow() : this.#content;
  }

  /** Returns the time at which the token was stored, in milliseconds since 1970. */
  async storedAt(): Promise<number> {
    return (await stat(this.path)).mtimeMs;
  }

  /**
   * Replaces the token, unless another process does so at the same time.
   *
   * @param renew returns the new token for the current one; `undefined` if it needs no replacement. Called
   *   once there is certainly space for the new one.
   * @returns whether it was called.
   * @throws Error if the file cannot be changed.
   */
  async replace(renew: (current: string) => Promise<string | undefined>): Promise<boolean> {
    // The target of a symbolic link, which stays as it is.
    const path = await realpath(this.path);
    const { mode } = await stat(path);
    if ((mode & 0o222) === 0) {
      throw new Error(`${this.path} is read-only.`);
    }
    await (await open(path, 'r+')).close();
    const replacement = `${path}.new`;
    const file = await lock(replacement);
    if (!file) {
      return false;
    }
    try {
      await file.write(' '.repeat(RESERVED));
      const token = await renew(await this.readNow());
      if (token !== undefined) {
        await store(token, file, replacement, path);
        this.#content = token;
        this.readAt = performance.now();
      }
    } finally {
      if (await isAt(replacement, file)) {
        await rm(replacement, { force: true });
      }
      await file.close();
    }
    return true;
  }

  private async readNow(): Promise<string> {
    const startedAt = performance.now();
    // While another process replaces it, the file may be missing or empty.
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (this.#content === '') {
        throw error;
      }
      return '';
    });
    // Otherwise a replacement, or a read that began later, has newer content.
    if (startedAt >= this.readAt) {
      this.#content = text.trim() || this.#content;
      if (this.#content === '') {
        throw new Error(`${this.path} is empty. Write the token of this service into it.`);
      }
      this.readAt = startedAt;
    }
    return this.#content;
  }
}

/** Creates a file, which is the lock too; returns `undefined` if another process has. */
async function lock(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > LOCK_MAX) {
      await rm(path, { force: true });
    }
    return undefined;
  }
}

async function store(token: string, file: FileHandle, replacement: string, path: string): Promise<void> {
  const text = `${token}\n`;
  await file.write(text, 0);
  await file.truncate(text.length);
  await file.sync();
  try {
    await copyAccess(path, file);
    if (!(await isAt(replacement, file))) {
      throw new Error('Another process has removed the lock.');
    }
    await rename(replacement, path);
  } catch {
    // The file is a mount point, for example in a container, or belongs to another user.
    await writeFile(path, text, { flush: true });
  }
}

/** Copies the owner and the mode of a file, regardless of the umask of this process. */
async function copyAccess(path: string, file: FileHandle): Promise<void> {
  const { uid, gid, mode } = await stat(path);
  const created = await file.stat();
  if (created.uid !== uid || created.gid !== gid) {
    await file.chown(uid, gid);
  }
  await file.chmod(mode & 0o777);
}

/**
 * Whether a path names an open file. After a long pause of this process, it can be the lock of another one.
 */
async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const named = await stat(path).catch(() => undefined);
  return named?.ino === (await file.stat()).ino;
}
