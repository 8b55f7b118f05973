import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { isLive } from '../model/token-state.js';
import { TokensRepository } from '../model/tokens.repository.js';

/** Checks that requests present a session without limits. */
@Injectable()
export class UnlimitedSessions {
  constructor(
    private readonly escalation: EscalationPolicy,
    private readonly tokens: TokensRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the refreshed actor. With other tokens, a limited one, or one that expires soon, could get a token with more.
   *
   * @throws ApplicationError `forbidden`, or `token_revoked` if the session was just revoked.
   */
  async check(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const present = await this.escalation.refresh(actor, tx);
    const token = present.token && (await this.tokens.findById(present.token.id, tx));
    if (token && !isLive(token, token.user, this.clock.now())) {
      throw new ApplicationError('token_revoked');
    }
    if (token?.kind !== 'session' || token.scope !== null) {
      throw new ApplicationError('forbidden', {
        detail:
          'This requires a session without limits. Sign in, instead of using an API token or a limited session.',
      });
    }
    return present;
  }
}
