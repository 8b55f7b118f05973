import { Injectable } from '@nestjs/common';
import {
  BULK_SAMPLE_SIZE,
  type BulkDryRunDto,
  type TokenBulkDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/principal.js';
import { TokenListService } from './token-list.service.js';
import { scopeOf } from './token-scope.js';

/** Finds which tokens a bulk request is about, before anything is changed. */
@Injectable()
export class TokenBulkSelection {
  constructor(private readonly list: TokenListService) {}

  /**
   * Whether all tokens of everybody are to end, which is one write and not one a token.
   *
   * @throws ApplicationError `forbidden` if the caller could not see them: the same words would mean only their own.
   */
  isEverybodys({ action, filter }: TokenBulkDto, { permissions }: Principal): boolean {
    const isAll = filter && Object.values(filter).every((value) => value === undefined);
    if (action !== 'revoke' || !isAll || !permissions.has('tokens:write')) {
      return false;
    }
    if (!permissions.has('tokens:read')) {
      throw new ApplicationError('forbidden', {
        detail: 'To end everybody’s tokens needs tokens:read, too; DELETE /me/tokens ends your own.',
      });
    }
    return true;
  }

  /** Ids of the tokens, each once: as they were sent, or by filter what the list shows the caller. */
  async idsOf({ ids, filter = {}, keepCurrent }: TokenBulkDto, actor: Principal): Promise<string[]> {
    const found = ids ? [...new Set(ids)] : await this.list.findIds(filter, scopeOf(actor));
    return keepCurrent ? found.filter((id) => id !== actor.token?.id) : found;
  }

  /** How many tokens that are, and the first few that the caller may see. */
  async try(bulk: TokenBulkDto, actor: Principal): Promise<BulkDryRunDto<UserTokenDto>> {
    const ids = await this.idsOf(bulk, actor);
    if (bulk.ids) {
      const shown = await this.list.show(ids, scopeOf(actor));
      return { count: shown.length, sample: shown.slice(0, BULK_SAMPLE_SIZE) };
    }
    const sample = await this.list.show(ids.slice(0, BULK_SAMPLE_SIZE));
    return { count: ids.length, sample };
  }

  /** How many tokens end with everybody's. */
  async countEverybodys({ keepCurrent }: TokenBulkDto, actor: Principal): Promise<number> {
    const count = await this.list.count({}, {});
    return keepCurrent && actor.token ? count - 1 : count;
  }
}
