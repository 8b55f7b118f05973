import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { Writes } from '../../platform/database/writes.js';
import { AuditKeys } from './audit-keys.js';
import { AuditTrailRepository } from '../trail/audit-trail.repository.js';
import { AuditRepository } from '../trail/audit.repository.js';
import { AuditService, SERVER_ACTOR } from '../trail/audit.service.js';
import { SealingKey } from './sealing-key.js';

/** How the key shall be replaced. */
export interface AuditKeyRotationOptions {
  /** The new key, 32 bytes in base64. Needed if `LATCHKEY_AUDIT_KEY` is set; else one is made. */
  newKey?: string;
  /** Whether the old key is gone, so that no entry can be sealed with it: the verification will always say so. */
  isOldKeyLost?: boolean;
  /** Who does it; absent = the server itself. */
  actor?: Principal;
}

/** A rotation that was done. */
export interface AuditKeyRotated {
  readonly keyId: string;
  readonly previousKeyId: string;
  /** Where the old key is kept for verifications; absent if the keys are not in the data folder. */
  readonly previousKeyFile?: string;
  /** Whether `LATCHKEY_AUDIT_KEY` must be set to the new key before a server is started again. */
  readonly mustBeConfigured: boolean;
}

/** Replaces the key of the audit trail. */
@Injectable()
export class AuditKeyRotation {
  private readonly turn = pLimit(1);

  constructor(
    private readonly trail: AuditTrailRepository,
    private readonly repository: AuditRepository,
    private readonly audit: AuditService,
    private readonly keys: AuditKeys,
    private readonly writes: Writes,
  ) {}

  /**
   * Appends an entry that hands over to a new key; everything after it is sealed with that one.
   *
   * @throws ApplicationError `validation_failed` if a new key is needed, or the one given is none or in use.
   */
  rotate(options: AuditKeyRotationOptions = {}): Promise<AuditKeyRotated> {
    return this.turn(() => this.handOver(options));
  }

  private async handOver({
    newKey,
    isOldKeyLost = false,
    actor,
  }: AuditKeyRotationOptions): Promise<AuditKeyRotated> {
    const known = (await this.trail.chain()).keyId || this.keys.own?.id;
    const key = this.nextKey(newKey, known);
    this.checkOldKey(known, isOldKeyLost);
    const previousKeyId = known ?? this.keys.first().id;
    // Before anybody can see it in the trail: others' entries may come right after the hand-over.
    this.keys.add(key);
    const previousKeyFile = this.keys.isConfigured ? undefined : this.keep(previousKeyId);
    const { own } = this.keys;
    try {
      // The file first. If the process ends in between, the next start finds a key that the trail does not know yet,
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
          origin: actor?.origin,
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
    const key = newKey === undefined ? this.madeKey(previousKeyId) : SealingKey.parse(newKey);
    if (!key) {
      throw refusal('The new key must be 32 bytes in base64, such as the output of: openssl rand -base64 32');
    }
    if (key.id === previousKeyId) {
      throw refusal('The trail is sealed with this key already; give a new one.');
    }
    return key;
  }

  private madeKey(previousKeyId: string | undefined): SealingKey {
    const { own, isConfigured } = this.keys;
    if (own && own.id !== previousKeyId) {
      return own;
    }
    if (isConfigured) {
      throw refusal(
        'LATCHKEY_AUDIT_KEY holds the key: give the new one (openssl rand -base64 32), and set it there afterwards.',
      );
    }
    return SealingKey.create();
  }

  /** @param id absent if there is no key yet, so that none can be lost. */
  private checkOldKey(id: string | undefined, isLost: boolean): void {
    const isHere = id === undefined || this.keys.find(id) !== undefined;
    if (isLost && id === undefined) {
      throw refusal('There is no key yet, so none can be lost.');
    }
    if (isLost && isHere) {
      throw refusal(`The old key ${id} is here, so it can hand over; do not call it lost.`);
    }
    if (!isLost && !isHere) {
      throw refusal(
        `The trail is sealed with key ${id}, which is not here: put it beside ${this.keys.files.path} as audit.key.old, ` +
          'or say that it is lost.',
      );
    }
  }

  /** Keeps the old key beside the new one. */
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

function refusal(detail: string): ApplicationError {
  return new ApplicationError('validation_failed', { detail });
}
