import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { PresentedTokenReader } from '../../tokens/cache/presented-token-reader.service.js';
import { rejectionReason } from '../../tokens/model/token-state.js';
import { RevocationsService } from '../../tokens/revoke/revocations.service.js';
import { CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { parseTokenText } from '../credentials/token-credentials.js';

/** Revokes tokens by their secrets (RFC 7009). */
@Injectable()
export class SecretRevocations {
  constructor(
    private readonly tokens: PresentedTokenReader,
    private readonly revocations: RevocationsService,
    private readonly canaries: CanaryAlarms,
    private readonly clock: Clock,
  ) {}

  /**
   * Revokes the token that a secret belongs to, including a superseded secret. Has no effect if the secret is
   * invalid.
   *
   * @throws ApplicationError `forbidden` if the caller may not revoke it.
   */
  async revoke(text: string, caller: Principal): Promise<void> {
    const credentials = parseTokenText(text);
    if (!credentials) {
      return;
    }
    const digest = digestOf(credentials.secret);
    const id = await this.findRevocable(digest);
    if (id === undefined) {
      this.canaries.take(digest, caller.origin);
      return;
    }
    try {
      await this.revocations.revoke(id, {}, caller);
    } catch (error) {
      if (!(error instanceof ApplicationError && error.code === 'not_found')) {
        throw error;
      }
      // Otherwise the client would take the token for revoked. It has the secret, so it learns nothing new.
      if ((await this.findRevocable(digest)) !== undefined) {
        throw new ApplicationError('forbidden', {
          detail:
            'Your token may not revoke this one. Authenticate as its user, or with a token that has tokens:read and tokens:write.',
        });
      }
    }
  }

  /** Returns the id of the token that a secret belongs to, unless the secret is revoked or expired. */
  private async findRevocable(digest: string): Promise<string | undefined> {
    const current = await this.tokens.findByDigest(digest);
    const token = current ?? (await this.tokens.findBySupersededDigest(digest));
    const reason = token && rejectionReason(token, current === null, this.clock.now());
    const isOver = reason === 'token_revoked' || reason === 'token_expired' || reason === 'token_used_up';
    return token && !isOver ? token.id : undefined;
  }
}
