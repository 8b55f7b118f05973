import { Injectable } from '@nestjs/common';
import { type BulkResultDto, type TokenBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { EVERYBODY } from '../../../audit/trail/audited-thing.js';
import { ApplicationError } from '../../../common/application-error.js';
import { checkCount } from '../bulk-count.js';
import { Clock } from '../../../common/clock.js';
import { type Principal } from '../../../common/request/principal.js';
import { Writes, type WriteTransaction } from '../../../platform/database/writes.js';
import { ActorReader } from '../../permissions/actor-reader.js';
import { UsersRepository } from '../../users/model/users.repository.js';
import { TokenBulkSelection } from './token-bulk-selection.js';
import { isLive } from '../../tokens/model/token-state.js';
import { TokensRepository } from '../../tokens/model/tokens.repository.js';

/** Ends the tokens of everybody, however many, by one time on each user's row. */
@Injectable()
export class RevokeAllTokensService {
  constructor(
    private readonly selection: TokenBulkSelection,
    private readonly tokens: TokensRepository,
    private readonly users: UsersRepository,
    private readonly actors: ActorReader,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends all tokens, but the presented one if it is to be kept. There is no time to try it first: who says whether it is
   * to be kept means it, and the count is compared only if one is expected.
   *
   * @throws ApplicationError `validation_failed`, `count_grown`, `forbidden`, or `token_revoked` if the presented one has just been ended.
   */
  async revoke(bulk: TokenBulkRequestDto, actor: Principal): Promise<BulkResultDto> {
    checkMeant(bulk);
    const count = await this.selection.countAll(bulk, actor);
    checkCount({ expectedCount: bulk.expectedCount }, count);
    const keptId = bulk.keepCurrent ? actor.token?.id : undefined;
    await this.writes.transaction(async (tx) => {
      this.checkStillMeant(bulk, await this.actors.lockAndRefresh(actor, tx));
      await (keptId === undefined ? this.end(tx) : this.endOthers(keptId, actor, tx));
      await this.audit.record(
        {
          action: 'authn_token_revoked',
          actor,
          origin: actor.origin,
          subject: { kind: 'token', id: null, name: 'bulk' },
          about: [EVERYBODY],
          after: { action: 'revoke', all: true, ...(keptId !== undefined && { keptTokenId: keptId }) },
        },
        tx,
      );
    });
    return { count, results: [] };
  }

  /** Checks that these words mean everybody's tokens still, now that the caller may have lost some permission. */
  private checkStillMeant(bulk: TokenBulkRequestDto, present: Principal): void {
    if (!this.selection.isAll(bulk, present)) {
      throw new ApplicationError('forbidden', { detail: 'This needs tokens:write.' });
    }
  }

  private end(tx: WriteTransaction): Promise<void> {
    return this.users.endAllTokens(this.clock.now(), tx);
  }

  private async endOthers(keptId: string, actor: Principal, tx: WriteTransaction): Promise<void> {
    // The user before the token, like a bump: the opposite order is a deadlock on PostgreSQL.
    await this.users.lock(actor.id, tx);
    const kept = await this.tokens.lock(keptId, tx);
    if (!kept || !isLive(kept, kept.user, this.clock.now())) {
      throw new ApplicationError('token_revoked');
    }
    await this.end(tx);
    const { tokensEndedBefore } = (await this.users.lock(actor.id, tx)) ?? kept.user;
    await this.tokens.keep(kept, tokensEndedBefore + 1, this.clock.now(), tx);
  }
}

/** A filter whose one value was lost on the way is empty, too. */
function checkMeant({ keepCurrent, expectedCount }: TokenBulkRequestDto): void {
  if (keepCurrent === undefined && expectedCount === undefined) {
    const message =
      'this would end everybody’s tokens: say with keepCurrent whether the presented one is spared, or try it with "dryRun": true and send the count it answers';
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/expectedCount', code: 'is_expected', message }],
    });
  }
}
