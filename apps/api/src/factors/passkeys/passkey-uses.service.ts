import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/trail/audit.service.js';
import { Clock } from '../../common/clock.service.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { PasskeyChallenges } from './passkey-challenges.service.js';
import { type Passkey, PasskeysRepository } from './passkeys.repository.js';

/** Use of a passkey, whose signature was verified. */
export interface PasskeyUse {
  readonly passkey: Passkey;
  /** Name of the user. */
  readonly userName: string;
  readonly challenge: string;
  /** Counter of the authenticator. */
  readonly signCount: number;
  readonly origin: RequestOrigin;
}

/** Consumes challenges, and raises an alarm if the counter of a passkey goes back. */
@Injectable()
export class PasskeyUses {
  constructor(
    private readonly repository: PasskeysRepository,
    private readonly challenges: PasskeyChallenges,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Consumes the challenge of a use and records the counter.
   *
   * @returns why the use is rejected; `undefined` if it is not.
   * @throws ApplicationError `conflict` if the challenge was used before.
   */
  consume(use: PasskeyUse): Promise<'wrong_passkey' | 'passkey_copied' | undefined> {
    const { passkey, userName, challenge, signCount, origin } = use;
    return this.writes.transaction(async (tx) => {
      await this.challenges.consume(challenge, tx);
      if (await this.repository.use(passkey.id, signCount, this.clock.now(), tx)) {
        return undefined;
      }
      const current = await this.repository.findById(passkey.id, tx);
      if (!current) {
        return 'wrong_passkey';
      }
      const { id, name, userId } = current;
      await this.repository.markCopied(id, this.clock.now(), tx);
      const after = { id, ...(name !== null && { name }), signCount: current.signCount, received: signCount };
      const subject = { kind: 'user' as const, id: userId, name: userName };
      await this.audit.record(
        { action: 'authn_passkey_copied', outcome: 'failure', subject, origin, after },
        tx,
      );
      this.logger.warn(
        { userId, secondFactorId: id, address: origin.address, traceId: origin.traceId },
        'The counter of a passkey went back, so someone may have copied it',
      );
      return 'passkey_copied';
    }, 'none');
  }
}
