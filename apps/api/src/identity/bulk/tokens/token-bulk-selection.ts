import { Injectable } from '@nestjs/common';
import {
  BULK_SAMPLE_SIZE,
  type BulkDryRunResultDto,
  type TokenBulkRequestDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../../common/application-error.js';
import { type Principal } from '../../../common/request/principal.js';
import { TokenListService } from '../../tokens/list/token-list.service.js';
import { visibilityOf } from '../../tokens/access/token-visibility.js';

/** The tokens that a bulk request is about. */
export interface TokenBulkTargets {
  /** Each once: as they were sent, or by filter what the list shows the caller. */
  readonly ids: readonly string[];
  /** Those of them that exist and that the caller may see; they make up the count, in a dry run as in a run. */
  readonly visible: readonly string[];
}

/** Finds which tokens a bulk request is about, before anything is changed. */
@Injectable()
export class TokenBulkSelection {
  constructor(private readonly list: TokenListService) {}

  /**
   * Whether all tokens of everybody are to end, which is one write and not one a token.
   *
   * @throws ApplicationError `forbidden` if the caller could not see them: the same words would mean only their own.
   */
  isAll({ action, filter }: TokenBulkRequestDto, { permissions }: Principal): boolean {
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

  /** Finds the tokens, named or by filter, without the presented one if it is to be spared. */
  async targetsOf(
    { ids: named, filter = {}, keepCurrent }: TokenBulkRequestDto,
    actor: Principal,
  ): Promise<TokenBulkTargets> {
    const found = named ? [...new Set(named)] : await this.list.findIds(filter, visibilityOf(actor));
    const ids = keepCurrent ? found.filter((id) => id !== actor.token?.id) : found;
    return { ids, visible: named ? await this.list.visible(ids, visibilityOf(actor)) : ids };
  }

  /** Counts the tokens, and shows the first few. */
  async try(bulk: TokenBulkRequestDto, actor: Principal): Promise<BulkDryRunResultDto<UserTokenDto>> {
    const { visible } = await this.targetsOf(bulk, actor);
    return { count: visible.length, sample: await this.list.show(visible.slice(0, BULK_SAMPLE_SIZE)) };
  }

  /** How many tokens end with everybody's. */
  async countAll({ keepCurrent }: TokenBulkRequestDto, actor: Principal): Promise<number> {
    const count = await this.list.count({}, {});
    return keepCurrent && actor.token ? count - 1 : count;
  }
}
