import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { LOGGER, type Logger } from '../logging/logger.js';

const KEY_BYTES = 32;

/** The key that seals the audit trail; never in the database. */
@Injectable()
export class AuditKey {
  private readonly key: Buffer;
  /** Names the key without telling it. */
  readonly id: string;

  constructor(config: Config, @Inject(LOGGER) logger: Logger) {
    this.key = config.auditKey
      ? Buffer.from(config.auditKey, 'base64')
      : keyFromFile(config.dataDirectory, logger);
    this.id = createHash('sha256').update(this.key).digest('hex').slice(0, 16);
  }

  /** HMAC-SHA-256 of a text, base64url. */
  seal(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}

function keyFromFile(folder: string, logger: Logger): Buffer {
  const path = join(folder, 'audit.key');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    logger.warn(
      { path },
      'Made a key for the audit trail. Keep it apart from the database: set LATCHKEY_AUDIT_KEY or LATCHKEY_AUDIT_KEY_FILE.',
    );
  }
  const key = Buffer.from(readFileSync(path, 'utf8'), 'base64');
  if (key.length !== KEY_BYTES) {
    throw new ConfigurationError(`LATCHKEY_AUDIT_KEY: ${path} does not hold 32 bytes in base64`);
  }
  return key;
}
