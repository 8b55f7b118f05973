import { Injectable } from '@nestjs/common';
import {
  type BulkDryRunResultDto,
  type BulkResultDto,
  type TokenBulkRequestDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { checkCount } from '../bulk-count.js';
import { type Principal } from '../../../common/request/principal.js';
import { BulkWrites } from '../bulk-writes.js';
import { WriteLimit } from '../../../throttle/write-limit.js';
import { RevokeAllTokensService } from './revoke-all-tokens.service.js';
import { TokenBulkActions } from './token-bulk-actions.js';
import { TokenBulkChunks } from './token-bulk-chunks.js';
import { TokenBulkSelection } from './token-bulk-selection.js';

/** Changes many tokens at once, a few in each transaction. */
@Injectable()
export class TokenBulkService {
  constructor(
    private readonly selection: TokenBulkSelection,
    private readonly actions: TokenBulkActions,
    private readonly chunks: TokenBulkChunks,
    private readonly revokeAll: RevokeAllTokensService,
    private readonly writes: BulkWrites,
    private readonly limit: WriteLimit,
  ) {}

  /**
   * Does to each token what the same change of it alone would; what cannot be changed is named in the result.
   *
   * @throws ApplicationError `validation_failed`, `forbidden` or `count_grown`, before any token is changed.
   */
  async run(
    bulk: TokenBulkRequestDto,
    actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserTokenDto>> {
    const change = this.actions.of(bulk);
    const isAll = this.selection.isAll(bulk, actor);
    if (bulk.dryRun) {
      return this.selection.try(bulk, actor);
    }
    if (isAll) {
      return this.revokeAll.revoke(bulk, actor);
    }
    const { ids, visible } = await this.selection.targetsOf(bulk, actor);
    checkCount(bulk, visible.length);
    this.limit.countItems(actor, ids.length);
    const results = await this.writes.run(
      ids,
      (id) => id,
      (chunk, tx) => this.chunks.run(chunk, change, bulk, actor, tx),
    );
    return { count: visible.length, results };
  }
}
