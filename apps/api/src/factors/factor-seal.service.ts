import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditKeyFiles } from '../audit/keys/audit-key-files.js';
import { SealingKey } from '../audit/keys/sealing-key.js';
import { ApplicationError } from '../common/application-error.js';
import { LATCHKEY } from '../common/program-name.js';
import { Config } from '../platform/config/config.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts the secrets of second factors with a key that is not in the database, so that a copy of the
 * database is not enough to compute codes. The user id is authenticated with each secret, so an
 * attacker who can write to the database cannot give one user the factor of another.
 */
@Injectable()
export class FactorSeal {
  private readonly files: AuditKeyFiles;
  private readonly mayCreate: boolean;
  private readonly configured: readonly SealingKey[];
  private key: SealingKey | undefined;

  constructor(
    { dataDirectory, sealKeys, database }: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.files = new AuditKeyFiles(dataDirectory, 'seal.key', 'LATCHKEY_SEAL_KEY');
    // Replicas on PostgreSQL do not share a folder.
    this.mayCreate = database.kind === 'sqlite';
    this.configured = sealKeys.flatMap((key) => SealingKey.parse(key) ?? []);
    this.key = this.configured[0] ?? this.readFile();
  }

  /** Id of the key that encrypts new secrets, if the server has one. */
  get keyId(): string | undefined {
    // Another server on the same file may have created it, or an operator has restored it.
    this.key ??= this.readFile();
    return this.key?.id;
  }

  /** Number of keys in `LATCHKEY_SEAL_KEY`; 0 if the key is in the data folder. */
  get configuredKeys(): number {
    return this.configured.length;
  }

  /** Whether the server has a key: the current one, or an older one that still decrypts. */
  has(keyId: string): boolean {
    return this.find(keyId) !== undefined;
  }

  /** Advice if no key of the server decrypts a secret. */
  get adviceOnMissingKey(): string {
    return `${this.adviceOnRestore} If it is lost, rotate the secrets of webhooks. Users log in with a recovery code and add a new app, or run: ${LATCHKEY} reset-second-factors NAME`;
  }

  /**
   * Replaces the key in the data folder. The old one still decrypts, and stays beside it, because older
   * backups of the database need it.
   *
   * @returns path of the old key.
   */
  replaceFile(next: SealingKey): string {
    const path = this.files.keep(this.keyOrCreate());
    this.files.replace(next);
    this.key = next;
    return path;
  }

  /**
   * Encrypts a secret.
   *
   * @throws ApplicationError `conflict` if the server has no key and may not create one.
   */
  seal(secret: Buffer, userId: string): string {
    const key = this.keyOrCreate();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, bytesOf(key), nonce).setAAD(Buffer.from(userId));
    const encrypted = Buffer.concat([cipher.update(secret), cipher.final()]);
    return `${key.id}:${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')}`;
  }

  /** Decrypts a secret. If this is not possible, logs the way out and returns `undefined`. */
  open(sealed: string, userId: string): Buffer | undefined {
    const [keyId = '', text = ''] = sealed.split(':');
    // Another server on the same file may have created it.
    this.key ??= this.readFile();
    const key = this.find(keyId);
    try {
      if (!key) {
        throw new Error(`The secret is encrypted with key ${keyId}`);
      }
      const bytes = Buffer.from(text, 'base64url');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const encrypted = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv(CIPHER, bytesOf(key), nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(userId))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(encrypted), decipher.final()]);
    } catch (err) {
      this.logger.error(
        { err, userId, keyId, own: this.key?.id },
        `A secret of a second factor or webhook cannot be decrypted. ${this.adviceOnMissingKey}`,
      );
      return undefined;
    }
  }

  /**
   * Returns an HMAC-SHA-256 of a text, with a key that is derived from the key of the secrets.
   *
   * @throws ApplicationError `conflict` if the server has no key. Unauthenticated clients do not create one.
   */
  authenticate(text: string): Buffer {
    this.key ??= this.readFile();
    if (!this.key) {
      throw noKey();
    }
    return createHmac('sha256', derivedOf(this.key)).update(text).digest();
  }

  /** Creates the key if it is missing. @throws ApplicationError `conflict` if this is not possible. */
  createKey(): void {
    this.keyOrCreate();
  }

  private get adviceOnRestore(): string {
    if (this.configured.length > 0) {
      return 'Add the missing key to LATCHKEY_SEAL_KEY, after a comma, and restart all servers.';
    }
    if (!this.mayCreate) {
      return 'Set LATCHKEY_SEAL_KEY to the missing key, and restart all servers.';
    }
    return this.key
      ? `Save the missing key as ${this.files.path}.old.`
      : `Copy your backup of the key to ${this.files.path}, or set LATCHKEY_SEAL_KEY.`;
  }

  private keyOrCreate(): SealingKey {
    this.key ??= this.readFile();
    if (!this.key && this.mayCreate) {
      this.key = this.files.create();
      this.logger.info(
        { path: this.files.path },
        'Created a key for second factors. Back it up apart from the database: backups do not contain it.',
      );
    }
    if (!this.key) {
      throw noKey();
    }
    return this.key;
  }

  private find(keyId: string): SealingKey | undefined {
    if (this.key?.id === keyId) {
      return this.key;
    }
    const older = this.configured.length > 0 || !this.mayCreate ? this.configured : this.files.all();
    return older.find(({ id }) => id === keyId);
  }

  private readFile(): SealingKey | undefined {
    return this.mayCreate ? this.files.current() : undefined;
  }
}

function noKey(): ApplicationError {
  return new ApplicationError('conflict', {
    detail:
      'The server has no key for second factors and webhooks. Ask its operator to set LATCHKEY_SEAL_KEY.',
  });
}

/** Returns the key for HMACs. AES-GCM and HMAC must not share one. */
function derivedOf(key: SealingKey): Buffer {
  return Buffer.from(hkdfSync('sha256', bytesOf(key), '', 'latchkey challenges', 32));
}

function bytesOf(key: SealingKey): Buffer {
  return Buffer.from(key.secret, 'base64');
}
