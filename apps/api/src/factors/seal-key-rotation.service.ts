import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import pLimit from 'p-limit';
import { SealingKey } from '../audit/keys/sealing-key.js';
import { AuditService } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { FactorSeal } from './factor-seal.service.js';
import { missingSealKey } from './missing-seal-key.js';
import { SecondFactorsRepository, type SealedWith } from './second-factors.repository.js';

/** Result of a rotation of the seal key. */
export interface SealKeyRotated {
  readonly keyId: string;
  /** Number of secrets that were encrypted again. */
  readonly secrets: number;
  /** Number of secrets that no key of this server decrypts. They were not changed. */
  readonly unreadable: number;
  /** Advice to restore the missing key; absent if all secrets were decrypted. */
  readonly advice?: string;
  /** File that keeps the old key for older backups; absent if no key was replaced in the data folder. */
  readonly previousKeyFile?: string;
  /** Whether `LATCHKEY_SEAL_KEY` still contains old keys. */
  readonly mustBeConfigured: boolean;
}

/** Secrets of a module above that the same key encrypts. */
export abstract class OtherSealedSecrets {
  /** Returns the ids of the keys that encrypt them. */
  abstract keyIds(): Promise<readonly string[]>;

  /** Encrypts all secrets with the current key. Returns the numbers of those that it did and could not. */
  abstract reseal(): Promise<Pick<SealKeyRotated, 'secrets' | 'unreadable'>>;
}

interface Started {
  /** Factors whose secrets are encrypted with other keys. */
  readonly stale: readonly SealedWith[];
  readonly previousKeyFile?: string;
}

/** Rotates the key of second factors and webhooks, and warns at startup if a key is missing. */
@Injectable()
export class SealKeyRotation implements OnApplicationBootstrap {
  private readonly turn = pLimit(1);

  constructor(
    private readonly repository: SecondFactorsRepository,
    private readonly seal: FactorSeal,
    private readonly others: OtherSealedSecrets,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const missing = missingSealKey(await this.repository.countSealed(), this.seal);
    if (missing) {
      this.logger.warn({ own: this.seal.keyId }, `${missing.message} ${missing.advice}`);
    }
  }

  /**
   * Encrypts all secrets with a new key: the first of `LATCHKEY_SEAL_KEY`, or one that it creates in the data
   * folder. Completes an interrupted rotation instead, if there was one. Both keys decrypt meanwhile.
   *
   * @throws ApplicationError `validation_failed` without an old or a new key.
   */
  rotate(actor: Principal): Promise<SealKeyRotated> {
    return this.turn(() => this.run(actor));
  }

  private async run(actor: Principal): Promise<SealKeyRotated> {
    const { previousKeyFile, stale } = await this.start(actor);
    let [secrets, unreadable] = [0, 0];
    const ids = stale.map(({ id }) => id);
    for await (const done of this.writes.inChunks(
      ids,
      (chunk, tx) => this.reseal(chunk, tx),
      () => 'none',
    )) {
      secrets += done.secrets;
      unreadable += done.unreadable;
    }
    const others = await this.others.reseal();
    secrets += others.secrets;
    unreadable += others.unreadable;
    return {
      keyId: this.seal.keyId as string,
      secrets,
      unreadable,
      ...(unreadable > 0 && { advice: this.seal.adviceOnMissingKey }),
      ...(previousKeyFile !== undefined && { previousKeyFile }),
      mustBeConfigured: this.seal.configuredKeys > 1,
    };
  }

  /** Records the rotation, and replaces the key in the data folder unless a rotation was interrupted. */
  private async start(actor: Principal): Promise<Started> {
    const { keyId, configuredKeys } = this.seal;
    const missing =
      keyId === undefined || configuredKeys === 1
        ? missingSealKey(await this.repository.countSealed(), this.seal)
        : undefined;
    if (missing) {
      throw validationError(`${missing.message} ${missing.advice}`);
    }
    if (keyId === undefined) {
      throw validationError('There is no key yet. The server creates one with the first second factor.');
    }
    if (configuredKeys === 1) {
      throw validationError(
        'The key comes from LATCHKEY_SEAL_KEY. Put a new one (openssl rand -base64 32) and a comma before it, and restart all servers. Then run this command again.',
      );
    }
    const stale = await this.repository.findSealedOtherwise(keyId);
    const others = (await this.others.keyIds()).filter((id) => id !== keyId);
    const oldIds = new Set([...stale.map((factor) => factor.keyId), ...others]);
    if ([...oldIds].some((id) => this.seal.has(id))) {
      await this.record([...oldIds], keyId, actor);
      return { stale };
    }
    if (configuredKeys > 0) {
      return { stale };
    }
    const next = SealingKey.create();
    await this.record([keyId, ...oldIds], next.id, actor);
    const previousKeyFile = this.seal.replaceFile(next);
    return { stale: await this.repository.findSealedOtherwise(next.id), previousKeyFile };
  }

  /** Encrypts some secrets again. */
  private async reseal(
    ids: readonly string[],
    tx: WriteTransaction,
  ): Promise<Pick<SealKeyRotated, 'secrets' | 'unreadable'>> {
    const factors = await this.repository.findByIds(ids, tx);
    let [secrets, unreadable] = [0, 0];
    for (const { id, userId, sealedSecret, confirmationTime } of factors) {
      const secret = sealedSecret !== null && this.seal.open(sealedSecret, userId);
      if (secret) {
        await this.repository.reseal(id, sealedSecret, this.seal.seal(secret, userId), tx);
        secrets += 1;
      } else if (confirmationTime !== null) {
        unreadable += 1;
      }
    }
    return { secrets, unreadable };
  }

  private record(keyIds: readonly string[], keyId: string, actor: Principal): Promise<void> {
    return this.writes.transaction(
      (tx) =>
        this.audit.record(
          {
            action: 'seal_key_rotated',
            actor,
            subject: { kind: 'audit', id: keyId, name: 'seal key' },
            before: { keyIds },
            after: { keyId },
          },
          tx,
        ),
      'none',
    );
  }
}

function validationError(detail: string): ApplicationError {
  return new ApplicationError('validation_failed', { detail });
}
