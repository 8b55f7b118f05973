import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { AuditKeyFiles } from './audit-key-files.js';
import { SealingKey } from './sealing-key.js';

/** The keys that seal the audit trail, by their ids; never in the database. */
@Injectable()
export class AuditKeys {
  /** Keys kept in the data folder. */
  readonly files: AuditKeyFiles;
  /** Whether the key comes from the environment, and not from the data folder. */
  readonly isConfigured: boolean;
  private readonly known = new Map<string, SealingKey>();
  private current: SealingKey;

  constructor(config: Config, @Inject(LOGGER) logger: Logger) {
    this.files = new AuditKeyFiles(config.dataDirectory);
    this.isConfigured = config.auditKey !== undefined;
    this.current = config.auditKey === undefined ? this.fromFile(logger) : parsed(config.auditKey);
    this.add(this.current);
  }

  /** The key this server was given. The trail says which one it is sealed with: the two differ in a rotation only. */
  get own(): SealingKey {
    return this.current;
  }

  /** Takes another key for the server's own. */
  use(key: SealingKey): void {
    this.add(key);
    this.current = key;
  }

  /** Makes a key known, for whatever names it. */
  add(key: SealingKey): void {
    this.known.set(key.id, key);
  }

  /** The key with an id, if it is here or in the data folder. */
  find(id: string): SealingKey | undefined {
    if (!this.known.has(id)) {
      this.files.all().forEach((key) => this.add(key));
    }
    return this.known.get(id);
  }

  private fromFile(logger: Logger): SealingKey {
    const stored = this.files.current();
    if (stored) {
      return stored;
    }
    const made = this.files.make();
    logger.warn(
      { path: this.files.path },
      'Made a key for the audit trail. Keep it apart from the database: set LATCHKEY_AUDIT_KEY or LATCHKEY_AUDIT_KEY_FILE.',
    );
    return made;
  }
}

function parsed(text: string): SealingKey {
  const key = SealingKey.parse(text);
  if (!key) {
    throw new ConfigurationError('LATCHKEY_AUDIT_KEY: does not hold 32 bytes in base64');
  }
  return key;
}
