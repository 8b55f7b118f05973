import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditKeyFiles } from './audit-key-files.js';
import { SealingKey } from './sealing-key.js';

/** Keys that seal the audit trail, by id. They are never stored in the database. */
@Injectable()
export class AuditKeys {
  /** Keys in the data folder. */
  readonly files: AuditKeyFiles;
  /** Whether the server's key comes from the environment instead of the data folder. */
  readonly isConfigured: boolean;
  private readonly known = new Map<string, SealingKey>();
  private current: SealingKey | undefined;

  constructor(
    config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.files = new AuditKeyFiles(config.dataDirectory);
    this.isConfigured = config.auditKey !== undefined;
    this.current = config.auditKey === undefined ? this.files.current() : SealingKey.parse(config.auditKey);
    if (this.current) {
      this.add(this.current);
    }
  }

  /**
   * The server's own key, if it has one. The trail names the key of its next entry; the two differ only in a
   * rotation.
   */
  get own(): SealingKey | undefined {
    return this.current;
  }

  /** Returns the server's own key and creates it if there is none yet. */
  ownOrCreate(): SealingKey {
    if (!this.current) {
      this.use(this.files.create());
      this.logger.info(
        { path: this.files.path },
        'Created a key for the audit trail. Keep it apart from the database: set LATCHKEY_AUDIT_KEY or LATCHKEY_AUDIT_KEY_FILE.',
      );
    }
    return this.current as SealingKey;
  }

  /** Replaces the server's own key. */
  use(key: SealingKey): void {
    this.add(key);
    this.current = key;
  }

  /** Adds a key, so that `find` returns it. */
  add(key: SealingKey): void {
    this.known.set(key.id, key);
  }

  /** Returns the key with this id, if it was added or is in the data folder. */
  find(id: string): SealingKey | undefined {
    if (!this.known.has(id)) {
      this.files.all().forEach((key) => this.add(key));
    }
    return this.known.get(id);
  }
}

/**
 * Keyed digests of texts that must not be readable in the database or open to brute force: a name entered at
 * login may be a mistyped password. They change with the server's key, which is not in the database.
 */
@Injectable()
export class Pseudonyms {
  constructor(private readonly keys: AuditKeys) {}

  /** Returns 43 characters that reveal nothing about the text. */
  of(text: string): string {
    // No sealed text of an entry starts with this prefix, so no seal equals a pseudonym.
    return this.keys.ownOrCreate().seal(`pseudonym:${text}`);
  }
}
