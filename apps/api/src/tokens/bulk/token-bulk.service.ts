import { Injectable } from '@nestjs/common';
import {
  BULK_SAMPLE_SIZE,
  type BulkDryRunResultDto,
  type BulkResultDto,
  type TokenBulkRequestDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { visibilityOf } from '../access/token-visibility.js';
import { TokenListService } from '../list/token-list.service.js';
import { BulkEngine, checkExpectedCount } from '../../users/bulk/bulk-engine.service.js';
import { isForAllTokens, UserRevocationsService } from '../revoke/user-revocations.service.js';
import { TokenBulkOperations } from './token-bulk-operations.service.js';

/** Bulk requests on tokens. */
@Injectable()
export class TokenBulkService {
  constructor(
    private readonly list: TokenListService,
    private readonly operations: TokenBulkOperations,
    private readonly revocations: UserRevocationsService,
    private readonly engine: BulkEngine,
    private readonly clock: Clock,
  ) {}

  /**
   * Changes each token like a request for that token alone. The result names the tokens that were rejected.
   *
   * @throws ApplicationError `validation_failed`, `forbidden` or `count_grown`, before any change.
   */
  async run(
    bulk: TokenBulkRequestDto,
    actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserTokenDto>> {
    const operation = this.operations.of(bulk, actor, this.clock.now());
    if (isForAllTokens(bulk, actor) && !bulk.dryRun) {
      return this.revokeAll(bulk, actor);
    }
    const ids = await this.idsOf(bulk, actor);
    // Hidden and unknown ids are in the results but not in the count, as in a dry run.
    const visible = bulk.ids ? await this.list.visible(ids, visibilityOf(actor)) : ids;
    const count = visible.length;
    if (bulk.dryRun) {
      return { count, sample: await this.list.show(visible.slice(0, BULK_SAMPLE_SIZE)) };
    }
    return { count, results: await this.engine.run(bulk, count, ids, operation, actor) };
  }

  /**
   * Revokes the tokens of all users. `keepCurrent` confirms the request like a count, because in an emergency
   * there is no time for a dry run.
   */
  private async revokeAll(bulk: TokenBulkRequestDto, actor: Principal): Promise<BulkResultDto> {
    const { keepCurrent, expectedCount } = bulk;
    checkConfirmed(bulk);
    const count = (await this.list.count(visibilityOf(actor))) - (keepCurrent && actor.token ? 1 : 0);
    checkExpectedCount({ expectedCount }, count);
    await this.revocations.revokeAll(bulk, actor);
    return { count, results: [] };
  }

  /** Returns each id once: as sent, or as the filter finds them for this caller. */
  private async idsOf(
    { ids: named, filter = {}, keepCurrent }: TokenBulkRequestDto,
    actor: Principal,
  ): Promise<string[]> {
    const ids = named ? [...new Set(named)] : await this.list.findIds(filter, actor);
    return keepCurrent ? ids.filter((id) => id !== actor.token?.id) : ids;
  }
}

/** Requires a confirmation, because a filter whose only value got lost is empty too. */
function checkConfirmed({ keepCurrent, expectedCount }: TokenBulkRequestDto): void {
  if (keepCurrent === undefined && expectedCount === undefined) {
    const message =
      'this would revoke the tokens of all users: send keepCurrent, or "dryRun": true first and then its count';
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/expectedCount', code: 'is_expected', message }],
    });
  }
}
