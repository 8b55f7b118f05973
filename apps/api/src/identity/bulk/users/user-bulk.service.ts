import { Injectable } from '@nestjs/common';
import {
  type BulkDryRunResultDto,
  type BulkItemResultDto,
  type BulkResultDto,
  type UserBulkRequestDto,
  type UserDto,
} from '@latchkey/auth-models';
import { checkCount } from '../bulk-count.js';
import { type Principal } from '../../../common/request/principal.js';
import { BulkWrites } from '../bulk-writes.js';
import { rejectedItem } from '../bulk-items.js';
import { SHUT_OUT, UserBulkChunks } from './user-bulk-chunks.js';
import { WriteLimit } from '../../../throttle/write-limit.js';
import { UserBulkDemands } from './user-bulk-demands.js';
import { UserBulkSelection, type BulkTarget } from './user-bulk-selection.js';
import { UserRemovalService } from '../../users/user-removal.service.js';
import { UserViews } from '../../users/list/user-views.js';

/** Changes many users at once, a few in each transaction. */
@Injectable()
export class UserBulkService {
  constructor(
    private readonly selection: UserBulkSelection,
    private readonly chunks: UserBulkChunks,
    private readonly removal: UserRemovalService,
    private readonly views: UserViews,
    private readonly demands: UserBulkDemands,
    private readonly writes: BulkWrites,
    private readonly limit: WriteLimit,
  ) {}

  /**
   * Does to each user what the same change of one alone would; who cannot be changed is named in the result.
   *
   * @throws ApplicationError `forbidden`, `above_your_permissions`, `validation_failed` or `count_grown`, before anybody is
   * changed.
   */
  async run(
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserDto>> {
    // Before anybody is looked for; and again in each transaction.
    await this.demands.check(bulk, actor);
    const targets = await this.selection.targetsOf(bulk);
    // Unknown names are in the results, but not in the count, as in a dry run.
    const count = targets.filter(({ id }) => id !== undefined).length;
    if (bulk.dryRun) {
      return { count, ...(await this.try(targets, bulk, actor)) };
    }
    checkCount(bulk, count);
    this.limit.countItems(actor, targets.length);

    const items = await this.writes.run(
      targets,
      ({ name }) => name,
      (chunk, tx) => this.chunks.run(chunk, bulk, actor, tx),
    );
    return { count, results: await this.finish(items, targets, bulk, actor) };
  }

  /** Members of a dry run for callers who may see users: the first few users, and the number of tokens that stop working. */
  private async try(
    targets: readonly BulkTarget[],
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<Omit<BulkDryRunResultDto<UserDto>, 'count'>> {
    if (!actor.permissions.has('users:read')) {
      return { sample: [] };
    }
    const sample = await this.views.of(await this.selection.sample(targets));
    const tokenCount = await this.selection.countTokens(bulk, targets);
    const descendantCount = await this.selection.countDescendants(bulk, targets);
    return {
      sample,
      ...(tokenCount !== undefined && { tokenCount }),
      ...(descendantCount !== undefined && { descendantCount }),
    };
  }

  /** Deletes those whom the transactions only shut out. */
  private async finish(
    items: readonly BulkItemResultDto[],
    targets: readonly BulkTarget[],
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<BulkItemResultDto[]> {
    const results: BulkItemResultDto[] = [];
    for (const [index, item] of items.entries()) {
      const id = targets[index]?.id;
      results.push(
        item.status === SHUT_OUT && id !== undefined ? await this.delete(id, item, bulk, actor) : item,
      );
    }
    return results;
  }

  private async delete(
    userId: string,
    { id }: BulkItemResultDto,
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<BulkItemResultDto> {
    try {
      await this.removal.finish(userId, bulk, actor);
      return { id, status: 204 };
    } catch (error) {
      return rejectedItem(id, this.writes.reasonOf(error));
    }
  }
}
