import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { FactorSeal } from '../factor-seal.service.js';
import { PasskeysRepository } from './passkeys.repository.js';

/** Lifetime of a challenge. */
export const CHALLENGE_MILLISECONDS = 300_000;

const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;

/**
 * Purpose of a challenge: `login`, also for step-ups, or a new passkey of the user with this id. A challenge
 * for one purpose has no effect for another.
 */
export type ChallengePurpose = 'login' | { readonly newPasskeyOf: string };

/**
 * Challenges that the server can recognize without storing them, so that unauthenticated clients cannot fill
 * the database: random bytes and the expiry, with an HMAC over both and the purpose. Only challenges that an
 * authenticator has signed are stored, until they expire, so that none works twice.
 */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly seal: FactorSeal,
    private readonly repository: PasskeysRepository,
    private readonly clock: Clock,
  ) {}

  /** Creates a challenge. @throws ApplicationError `conflict` if the server has no key. */
  create(purpose: ChallengePurpose): string {
    if (purpose !== 'login') {
      // Unauthenticated clients must not create files.
      this.seal.createKey();
    }
    const expiry = Buffer.alloc(TIME_BYTES);
    expiry.writeUIntBE(this.clock.now() + CHALLENGE_MILLISECONDS, 0, TIME_BYTES);
    const content = Buffer.concat([randomBytes(NONCE_BYTES), expiry]);
    return Buffer.concat([content, this.macOf(content, purpose)]).toString('base64url');
  }

  /** Checks a challenge that an authenticator returned. @throws ApplicationError `conflict`. */
  check(challenge: string, purpose: ChallengePurpose): void {
    const bytes = Buffer.from(challenge, 'base64url');
    const content = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
    // Base64url has several spellings of some bytes, of which only one is stored after its use.
    const isCanonical = bytes.toString('base64url') === challenge;
    if (
      !isCanonical ||
      bytes.length !== NONCE_BYTES + TIME_BYTES + MAC_BYTES ||
      !timingSafeEqual(bytes.subarray(NONCE_BYTES + TIME_BYTES), this.macOf(content, purpose)) ||
      expiryOf(content) <= this.clock.now()
    ) {
      throw invalidChallenge();
    }
  }

  /** Consumes a challenge that was checked. @throws ApplicationError `conflict` if it was used before. */
  async consume(challenge: string, tx: WriteTransaction): Promise<void> {
    const expiry = expiryOf(Buffer.from(challenge, 'base64url'));
    if (!(await this.repository.addUsedChallenge(digestOf(challenge), expiry, this.clock.now(), tx))) {
      throw invalidChallenge();
    }
  }

  private macOf(content: Buffer, purpose: ChallengePurpose): Buffer {
    const named = purpose === 'login' ? purpose : `new passkey of ${purpose.newPasskeyOf}`;
    return this.seal.authenticate(`${named}\n${content.toString('base64url')}`);
  }
}

function expiryOf(content: Buffer): number {
  return content.readUIntBE(NONCE_BYTES, TIME_BYTES);
}

/** Returns the error for a challenge that has no effect, or no longer. */
export function invalidChallenge(): ApplicationError {
  return new ApplicationError('conflict', {
    detail: 'The challenge has expired, was used before, or is for another purpose. Request new options.',
  });
}
