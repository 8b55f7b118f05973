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
import { ConfigurationError } from '../../platform/config/configuration-error.js';
import { SealingKey } from './sealing-key.js';

const CURRENT = 'audit.key';
const KEPT = /^audit\.key\.(?!.*\.part$)/;

/** The keys of the audit trail that are kept in the data folder: the current one, and older ones beside it. */
export class AuditKeyFiles {
  constructor(private readonly folder: string) {}

  /** Where the current key is. */
  get path(): string {
    return join(this.folder, CURRENT);
  }

  /** The current key, if there is one. @throws ConfigurationError if the file holds something else. */
  current(): SealingKey | undefined {
    if (!existsSync(this.path)) {
      return undefined;
    }
    const key = SealingKey.parse(readFileSync(this.path, 'utf8'));
    if (!key) {
      throw new ConfigurationError(`LATCHKEY_AUDIT_KEY: ${this.path} does not hold 32 bytes in base64`);
    }
    return key;
  }

  /** Every key in the folder: `audit.key`, and whatever is beside it as `audit.key.*`. */
  all(): SealingKey[] {
    if (!existsSync(this.folder)) {
      return [];
    }
    return readdirSync(this.folder)
      .filter((name) => name === CURRENT || KEPT.test(name))
      .flatMap((name) => SealingKey.parse(readFileSync(join(this.folder, name), 'utf8')) ?? []);
  }

  /** Makes the first key; one that another process has just made stays. */
  make(): SealingKey {
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

  /** Keeps a key beside the current one, under its id. */
  keep(key: SealingKey): string {
    const path = `${this.path}.${key.id}`;
    renameSync(this.write(key, path), path);
    this.sync();
    return path;
  }

  /** Puts a key in the place of the current one: either is there at every moment. */
  replace(key: SealingKey): void {
    renameSync(this.write(key, this.path), this.path);
    this.sync();
  }

  /** Writes a key beside where it belongs, down to the disk. */
  private write(key: SealingKey, path: string): string {
    const part = `${path}.part`;
    // Removed first, as `mode` counts only for a file that is made.
    rmSync(part, { force: true });
    writeFileSync(part, `${key.secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
    return part;
  }

  /** Makes the names in the folder durable. */
  private sync(): void {
    const folder = openSync(this.folder, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
