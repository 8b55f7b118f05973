import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditKeyFiles } from './audit-key-files.js';
import { SealingKey } from './sealing-key.js';

/** The keys that seal the audit trail, by their ids; never in the database. */
@Injectable()
export class AuditKeys {
  /** Keys kept in the data folder. */
  readonly files: AuditKeyFiles;
  /** Whether the server's key comes from the environment, and not from the data folder. */
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

  /** The key this server was given, if any. Which one comes next the trail says: the two differ in a rotation only. */
  get own(): SealingKey | undefined {
    return this.current;
  }

  /** The server's own key, which is made if there is none yet. */
  first(): SealingKey {
    if (!this.current) {
      this.use(this.files.make());
      this.logger.warn(
        { path: this.files.path },
        'Made a key for the audit trail. Keep it apart from the database: set LATCHKEY_AUDIT_KEY or LATCHKEY_AUDIT_KEY_FILE.',
      );
    }
    return this.current as SealingKey;
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
}
