import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { LATCHKEY } from '../../common/program-name.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { AuditRepository } from '../trail/audit.repository.js';
import { AuditService, SERVER_ACTOR } from '../trail/audit.service.js';
import { AuditKeys } from './audit-keys.service.js';
import { SealingKey } from './sealing-key.js';
import { checkTrailKey } from './trail-key.js';

/** Options of a key rotation. */
interface AuditKeyRotationOptions {
  /** The new key, 32 bytes in base64. Required if `LATCHKEY_AUDIT_KEY` is set; otherwise a key is created. */
  newKey?: string;
  /** Whether the old key is lost, so it cannot seal the hand-over. Verification will always report that. */
  isOldKeyLost?: boolean;
  /** The actor; absent = the server itself. */
  actor?: Principal;
}

/** Result of a key rotation. */
export interface AuditKeyRotated {
  readonly keyId: string;
  readonly previousKeyId: string;
  /** File that keeps the old key for verification; absent if the keys are not in the data folder. */
  readonly previousKeyFile?: string;
  /** Whether `LATCHKEY_AUDIT_KEY` must be set to the new key before the next start of a server. */
  readonly mustBeConfigured: boolean;
}

/**
 * Rotates the key of the audit trail and checks at startup that the server has it, so that a swapped key is
 * noticed.
 */
@Injectable()
export class AuditKeyRotation implements OnModuleInit {
  private readonly turn = pLimit(1);

  constructor(
    private readonly repository: AuditRepository,
    private readonly audit: AuditService,
    private readonly keys: AuditKeys,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ConfigurationError if the server does not have the trail's key. */
  async onModuleInit(): Promise<void> {
    const { keyId } = await this.repository.chain();
    const { isConfigured } = this.keys;
    const own = this.keys.own ?? (keyId === '' ? this.keys.ownOrCreate() : undefined);
    if (keyId === '' || keyId === own?.id) {
      return;
    }
    checkTrailKey(keyId, this.keys);
    if (isConfigured) {
      this.logger.warn(
        { keyId, configured: own?.id },
        'LATCHKEY_AUDIT_KEY is not the key that the audit trail needs. The data folder has that key. ' +
          `Set LATCHKEY_AUDIT_KEY to it, or hand over with: ${LATCHKEY} rotate-audit-key`,
      );
      return;
    }
    const rotated = await this.rotate();
    this.logger.warn(rotated, 'The audit trail was handed over to a new key');
  }

  /**
   * Appends an entry that hands over to a new key, which seals all later entries.
   *
   * @throws ApplicationError `validation_failed` if the new key is required but missing, invalid, or in use.
   */
  rotate(options: AuditKeyRotationOptions = {}): Promise<AuditKeyRotated> {
    return this.turn(() => this.handOver(options));
  }

  private async handOver({
    newKey,
    isOldKeyLost = false,
    actor,
  }: AuditKeyRotationOptions): Promise<AuditKeyRotated> {
    const known = (await this.repository.chain()).keyId || this.keys.own?.id;
    const key = this.nextKey(newKey, known);
    this.checkOldKey(known, isOldKeyLost);
    const previousKeyId = known ?? this.keys.ownOrCreate().id;
    // Add the key before the hand-over commits: concurrent requests may append entries right after it.
    this.keys.add(key);
    const previousKeyFile = this.keys.isConfigured ? undefined : this.keep(previousKeyId);
    const { own } = this.keys;
    try {
      // Write the file first. If the process dies before the entry commits, the next start finds the new key
      // with the old one beside it, and hands over.
      this.store(key);
      await this.append(key, previousKeyId, isOldKeyLost, actor);
    } catch (error) {
      if (own) {
        this.store(own);
      }
      throw error;
    }
    this.keys.use(key);
    return {
      keyId: key.id,
      previousKeyId,
      ...(previousKeyFile !== undefined && { previousKeyFile }),
      mustBeConfigured: this.keys.isConfigured,
    };
  }

  private append(
    key: SealingKey,
    previousKeyId: string,
    isOldKeyLost: boolean,
    actor: Principal | undefined,
  ): Promise<void> {
    return this.writes.transaction(async (tx) => {
      if (isOldKeyLost) {
        await this.repository.setKey(key.id, tx);
      }
      await this.audit.record(
        {
          action: 'audit_key_rotated',
          actor: actor ?? SERVER_ACTOR,
          subject: { kind: 'audit', id: key.id, name: 'audit key' },
          before: { keyId: previousKeyId },
          after: { keyId: key.id, ...(isOldKeyLost && { isOldKeyLost }) },
        },
        tx,
      );
      await this.repository.setKey(key.id, tx);
    }, 'none');
  }

  private nextKey(newKey: string | undefined, previousKeyId: string | undefined): SealingKey {
    const key = newKey === undefined ? this.defaultKey(previousKeyId) : SealingKey.parse(newKey);
    if (!key) {
      throw validationError(
        'The new key must be 32 bytes in base64, such as the output of: openssl rand -base64 32',
      );
    }
    if (key.id === previousKeyId) {
      throw validationError('The trail is already sealed with this key. Use a new one.');
    }
    return key;
  }

  private defaultKey(previousKeyId: string | undefined): SealingKey {
    const { own, isConfigured } = this.keys;
    if (own && own.id !== previousKeyId) {
      return own;
    }
    if (isConfigured) {
      throw validationError(
        'The key comes from LATCHKEY_AUDIT_KEY. Pass a new one (openssl rand -base64 32), and then set the variable to it.',
      );
    }
    return SealingKey.create();
  }

  /** @param id id of the old key; absent if there is no key yet. */
  private checkOldKey(id: string | undefined, isLost: boolean): void {
    const isAvailable = id === undefined || this.keys.find(id) !== undefined;
    if (isLost && id === undefined) {
      throw validationError('There is no key yet. Omit --old-key-lost.');
    }
    if (isLost && isAvailable) {
      throw validationError(`The old key ${id} is not lost: the server has it. Omit --old-key-lost.`);
    }
    if (!isLost && !isAvailable) {
      throw validationError(
        `The audit trail needs key ${id}, which the server does not have. ` +
          `Save that key as ${this.keys.files.path}.old, or if it is lost, pass --old-key-lost.`,
      );
    }
  }

  /** Stores the old key beside the new one and returns its path. */
  private keep(id: string): string | undefined {
    const key = this.keys.find(id);
    return key && this.keys.files.keep(key);
  }

  private store(key: SealingKey): void {
    if (!this.keys.isConfigured) {
      this.keys.files.replace(key);
    }
  }
}

function validationError(detail: string): ApplicationError {
  return new ApplicationError('validation_failed', { detail });
}
