import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Not, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { FactorSeal } from '../../factors/factor-seal.service.js';
import { type OtherSealedSecrets } from '../../factors/seal-key-rotation.service.js';
import { Writes } from '../../platform/database/writes.service.js';
import { EventTarget } from './event-target.entity.js';
import { createWebhookSecret } from '../webhooks/webhook-signature.js';

/** Secrets of webhooks, encrypted with the key of second factors. */
@Injectable()
export class TargetSecrets implements OtherSealedSecrets {
  constructor(
    @InjectRepository(EventTarget) private readonly targets: Repository<EventTarget>,
    private readonly seal: FactorSeal,
    private readonly writes: Writes,
  ) {}

  /**
   * Creates a secret.
   *
   * @throws ApplicationError `conflict` if the server has no key to encrypt it with.
   */
  create(target: string): { secret: string; sealedSecret: string } {
    const secret = createWebhookSecret();
    return { secret, sealedSecret: this.seal.seal(Buffer.from(secret), ownerOf(target)) };
  }

  /** Returns the secrets that sign now: two after a rotation. Those that no key decrypts are missing. */
  of(
    { name, sealedSecret, oldSealedSecret, oldSecretExpirationTime }: EventTarget,
    now: EpochMilliseconds,
  ): string[] {
    const hasOld = oldSecretExpirationTime !== null && oldSecretExpirationTime > now;
    return [sealedSecret, hasOld ? oldSealedSecret : null].flatMap((sealed) => {
      const secret = sealed === null ? undefined : this.seal.open(sealed, ownerOf(name));
      return secret ? [secret.toString()] : [];
    });
  }

  async keyIds(): Promise<readonly string[]> {
    const signing = await this.targets.findBy({ sealedSecret: Not(IsNull()) });
    return [...new Set(signing.map(({ sealedSecret }) => keyIdOf(sealedSecret)))];
  }

  /** Encrypts the secrets of all targets, of which there are few, with the current key. */
  reseal(): Promise<{ secrets: number; unreadable: number }> {
    return this.writes.transaction(async (tx) => {
      let [secrets, unreadable] = [0, 0];
      for (const target of await tx.findBy(EventTarget, { sealedSecret: Not(IsNull()) })) {
        const { name, sealedSecret, oldSealedSecret } = target;
        if (keyIdOf(sealedSecret) === this.seal.keyId) {
          continue;
        }
        const again = (sealed: string | null) => {
          const secret = sealed === null ? undefined : this.seal.open(sealed, ownerOf(name));
          return secret ? this.seal.seal(secret, ownerOf(name)) : null;
        };
        const resealed = again(sealedSecret);
        if (resealed === null) {
          unreadable += 1;
        } else {
          const change = { sealedSecret: resealed, oldSealedSecret: again(oldSealedSecret) };
          await tx.update(EventTarget, { name, sealedSecret: sealedSecret ?? '' }, change);
          secrets += 1;
        }
      }
      return { secrets, unreadable };
    }, 'none');
  }
}

/** Returns the text that is authenticated with the secret of a target. No user has such an id. */
function ownerOf(target: string): string {
  return `event target ${target}`;
}

/** Returns the id of the key that encrypts a secret. */
function keyIdOf(sealed: string | null): string {
  return sealed?.split(':')[0] ?? '';
}
