import { Injectable } from '@nestjs/common';
import {
  type AddedPasskeyDto,
  type AddPasskeyDto,
  type PasskeyCreationOptionsDto,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { FactorAdditions } from '../factor-additions.service.js';
import { FactorChanges } from '../factor-changes.service.js';
import { SecondFactor } from '../second-factor.entity.js';
import { PasskeyChallenges } from './passkey-challenges.service.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { WebAuthn } from './web-authn.service.js';

/** Adds passkeys of the caller. */
@Injectable()
export class PasskeyRegistration {
  constructor(
    private readonly webAuthn: WebAuthn,
    private readonly challenges: PasskeyChallenges,
    private readonly repository: PasskeysRepository,
    private readonly changes: FactorChanges,
    private readonly additions: FactorAdditions,
    private readonly clock: Clock,
  ) {}

  /** Returns the options for a new passkey. @throws ApplicationError `forbidden` or `conflict`. */
  async options(actor: Principal): Promise<PasskeyCreationOptionsDto> {
    const passkeys = await this.changes.make(actor, async (tx) => {
      await this.additions.checkLimit(actor, tx);
      return this.repository.findOf(actor.id, tx);
    });
    return this.webAuthn.creationOptions(actor, passkeys);
  }

  /**
   * Adds a passkey that was created with the options. It counts as a second factor immediately.
   *
   * @returns recovery codes, unless the user has unused ones.
   * @throws ApplicationError `forbidden`, `validation_failed` for the credential, or `conflict`.
   */
  async add({ name, credential }: AddPasskeyDto, actor: Principal): Promise<AddedPasskeyDto> {
    const challenge = this.webAuthn.challengeOf(credential, { newPasskeyOf: actor.id });
    const created = await this.webAuthn.verifyNew(credential, challenge);
    if (!created) {
      throw new ApplicationError('validation_failed', {
        errors: [
          {
            pointer: '/credential',
            code: 'passkey_invalid',
            message: 'the passkey does not match the options of this server',
          },
        ],
      });
    }
    const now = this.clock.now();
    const passkey = Object.assign(new SecondFactor(), {
      id: uuid(),
      userId: actor.id,
      kind: 'passkey',
      name: name ?? null,
      ...created,
      credentialDigest: digestOf(created.credentialId),
      transports: credential.response.transports?.join(',') || null,
      creationTime: now,
      confirmationTime: now,
    });
    return this.changes.make(
      actor,
      async (tx) => {
        await this.challenges.consume(challenge, tx);
        await this.additions.checkLimit(actor, tx);
        await this.repository.add(passkey, tx);
        return { id: passkey.id, codes: await this.additions.complete(passkey, actor, tx) };
      },
      [actor.id],
    );
  }
}
