import { Injectable } from '@nestjs/common';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { FactorSeal } from '../factors/factor-seal.service.js';
import { type EventTarget } from './event-target.entity.js';
import { createWebhookSecret } from './webhooks/webhook-signature.js';

/** Secrets of webhooks, encrypted with the key of second factors. */
@Injectable()
export class TargetSecrets {
  constructor(private readonly seal: FactorSeal) {}

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
}

/** Returns the text that is authenticated with the secret of a target. No user has such an id. */
function ownerOf(target: string): string {
  return `event target ${target}`;
}
