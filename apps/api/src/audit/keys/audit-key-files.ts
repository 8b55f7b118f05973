import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../common/application-error.js';
import { SealingKey } from './sealing-key.js';

/**
 * Keys of one purpose in the data folder: by default those of the audit trail, with the current key in
 * `audit.key`, and older ones in `audit.key.*`.
 */
export class AuditKeyFiles {
  constructor(
    private readonly folder: string,
    private readonly name = 'audit.key',
    private readonly variable = 'LATCHKEY_AUDIT_KEY',
  ) {}

  /** Path of the current key. */
  get path(): string {
    return join(this.folder, this.name);
  }

  /** Returns the current key, if there is one. @throws ConfigurationError if the file holds no valid key. */
  current(): SealingKey | undefined {
    if (!existsSync(this.path)) {
      return undefined;
    }
    const key = SealingKey.parse(readFileSync(this.path, 'utf8'));
    if (!key) {
      throw new ConfigurationError(
        `${this.variable}: ${this.path} does not hold 32 bytes in base64. Replace it with your backup of the key`,
      );
    }
    return key;
  }

  /** Returns all valid keys in the folder, current and older. */
  all(): SealingKey[] {
    if (!existsSync(this.folder)) {
      return [];
    }
    return readdirSync(this.folder)
      .filter((name) => name === this.name || this.isKept(name))
      .flatMap((name) => SealingKey.parse(readFileSync(join(this.folder, name), 'utf8')) ?? []);
  }

  /** Creates the first key. If another process has just created one, returns that one. */
  create(): SealingKey {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const part = this.write(SealingKey.create(), this.path);
    try {
      linkSync(part, this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    } finally {
      rmSync(part);
    }
    this.sync();
    return this.current() as SealingKey;
  }

  /** Stores an old key as `audit.key.<id>` and returns the path. */
  keep(key: SealingKey): string {
    const path = `${this.path}.${key.id}`;
    renameSync(this.write(key, path), path);
    this.sync();
    return path;
  }

  /** Replaces the current key atomically. */
  replace(key: SealingKey): void {
    renameSync(this.write(key, this.path), this.path);
    this.sync();
  }

  private isKept(name: string): boolean {
    return name.startsWith(`${this.name}.`) && !name.endsWith('.part');
  }

  /** Writes a key to a temporary file, flushed to disk, and returns its path. */
  private write(key: SealingKey, path: string): string {
    const part = `${path}.part`;
    // Remove it first: `mode` applies only to new files.
    rmSync(part, { force: true });
    writeFileSync(part, `${key.secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
    return part;
  }

  /** Flushes the folder's entries to disk. */
  private sync(): void {
    const folder = openSync(this.folder, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
