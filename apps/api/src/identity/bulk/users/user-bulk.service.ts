import { Injectable } from '@nestjs/common';
import {
  type BulkDryRunResultDto,
  type BulkItemResultDto,
  type BulkResultDto,
  type UserBulkRequestDto,
  type UserDto,
} from '@latchkey/auth-models';
import { type Principal } from '../../../common/request/principal.js';
import { UserViews } from '../../users/list/user-views.js';
import { UserRemovalService } from '../../users/user-removal.service.js';
import { BulkEngine, PENDING, rejectedItem } from '../bulk-engine.js';
import { UserBulkOperations } from './user-bulk-operations.js';
import { UserBulkRequirements } from './user-bulk-requirements.js';
import { UserBulkTargets, type BulkTarget } from './user-bulk-targets.js';

/** Bulk requests on users. */
@Injectable()
export class UserBulkService {
  constructor(
    private readonly targets: UserBulkTargets,
    private readonly operations: UserBulkOperations,
    private readonly removal: UserRemovalService,
    private readonly views: UserViews,
    private readonly requirements: UserBulkRequirements,
    private readonly engine: BulkEngine,
  ) {}

  /**
   * Changes each user like a request for that user alone. The result names the users that were rejected.
   *
   * @throws ApplicationError `forbidden`, `above_your_permissions`, `validation_failed` or `count_grown`, before any change.
   */
  async run(
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserDto>> {
    await this.requirements.check(bulk, actor);
    const targets = await this.targets.find(bulk);
    // Unknown names are in the results but not in the count, as in a dry run.
    const count = targets.filter(({ id }) => id !== undefined).length;
    if (bulk.dryRun) {
      return { count, ...(await this.preview(targets, bulk, actor)) };
    }
    const operation = this.operations.of(bulk, actor);
    const items = await this.engine.run(bulk, count, targets, operation, actor);
    return { count, results: await this.finishDeletions(items, targets, bulk, actor) };
  }

  /** Returns the members of a dry run for callers who may see users. */
  private async preview(
    targets: readonly BulkTarget[],
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<Omit<BulkDryRunResultDto<UserDto>, 'count'>> {
    if (!actor.permissions.has('users:read')) {
      return { sample: [] };
    }
    const sample = await this.views.of(await this.targets.sample(targets));
    return { sample, ...(await this.targets.countTokens(bulk, targets)) };
  }

  /** Deletes the users with very many tokens, whom the transactions have only suspended. */
  private async finishDeletions(
    items: readonly BulkItemResultDto[],
    targets: readonly BulkTarget[],
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<BulkItemResultDto[]> {
    const results: BulkItemResultDto[] = [];
    for (const [index, item] of items.entries()) {
      const userId = targets[index]?.id;
      if (item.status !== PENDING || userId === undefined) {
        results.push(item);
        continue;
      }
      try {
        await this.removal.finish(userId, bulk, actor);
        results.push({ id: item.id, status: 204 });
      } catch (error) {
        results.push(rejectedItem(item.id, this.engine.codeOf(error)));
      }
    }
    return results;
  }
}
