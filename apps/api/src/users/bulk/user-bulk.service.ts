import { Injectable } from '@nestjs/common';
import {
  BULK_SAMPLE_SIZE,
  type BulkDryRunResultDto,
  type BulkItemResultDto,
  type BulkResultDto,
  type BuiltInPermission,
  type UserBulkRequestDto,
  type UserDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { checkPermissionFilter } from '../../permissions/grants.service.js';
import { RolesService } from '../../permissions/roles/roles.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { UserListService, type NamedUser } from '../list/user-list.service.js';
import { UserRemovalService } from '../user-removal.service.js';
import { UserTokenCounts } from '../user-tokens.js';
import { BulkEngine, PENDING, rejectedItem } from './bulk-engine.service.js';
import { UserBulkOperations } from './user-bulk-operations.service.js';

/** Bulk requests on users. */
@Injectable()
export class UserBulkService {
  constructor(
    private readonly list: UserListService,
    private readonly tokens: UserTokenCounts,
    private readonly roles: RolesService,
    private readonly operations: UserBulkOperations,
    private readonly removal: UserRemovalService,
    private readonly engine: BulkEngine,
  ) {}

  /**
   * Changes each user like a request for that user alone. The result names the users that were rejected.
   *
   * @throws ApplicationError `forbidden`, `above_your_permissions`, `validation_failed` or `count_grown`,
   *   before any change.
   */
  async run(
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<BulkResultDto | BulkDryRunResultDto<UserDto>> {
    await this.checkRequest(bulk, actor);
    const targets = bulk.ids
      ? await this.list.findNamed(bulk.ids)
      : await this.list.findMatching(bulk.filter ?? {});
    // Unknown names are in the results but not in the count, as in a dry run.
    const ids = targets.flatMap(({ id }) => id ?? []);
    if (bulk.dryRun) {
      return { count: ids.length, ...(await this.preview(ids, bulk, actor)) };
    }
    const operation = this.operations.of(bulk, actor, (refreshed, tx) =>
      this.checkRequest(bulk, refreshed, tx),
    );
    const items = await this.engine.run(bulk, ids.length, targets, operation, actor);
    const results = await this.finishDeletions(items, targets, bulk, actor);
    return { count: ids.length, results };
  }

  /**
   * Checks that the actor may send this request, whichever users it matches. The route requires
   * `users:write`.
   *
   * @param tx transaction that makes the change and holds the lock on authority.
   * @throws ApplicationError `forbidden`, `above_your_permissions`, or `validation_failed` for an unknown
   *   role.
   */
  private async checkRequest(
    { action, role, filter }: UserBulkRequestDto,
    actor: Principal,
    tx?: WriteTransaction,
  ): Promise<void> {
    // The number of matches would reveal an e-mail address letter by letter, and roles and logins as well.
    if (Object.values(filter ?? {}).some((value) => value !== undefined)) {
      checkPermission('users:read', actor);
    }
    checkPermissionFilter(filter ?? {}, actor);
    if (action === 'revokeTokens') {
      checkPermission('tokens:write', actor);
    }
    if (role === undefined) {
      return;
    }
    await this.roles.checkExists(role, actor, tx);
    if (action === 'addRole') {
      await this.roles.checkGrantable([role], actor, tx);
    }
  }

  /** Returns the members of a dry run for callers who may see users. */
  private async preview(
    ids: readonly string[],
    bulk: UserBulkRequestDto,
    actor: Principal,
  ): Promise<Omit<BulkDryRunResultDto<UserDto>, 'count'>> {
    if (!actor.permissions.has('users:read')) {
      return { sample: [] };
    }
    const sample = await this.list.findByIds(ids.slice(0, BULK_SAMPLE_SIZE));
    return { sample, ...(await this.countTokens(bulk, ids)) };
  }

  /**
   * Counts the live tokens that stop working, and those of others that a deletion revokes; empty for other
   * actions.
   */
  private async countTokens(
    { action, filter }: UserBulkRequestDto,
    ids: readonly string[],
  ): Promise<{ tokenCount?: number; descendantCount?: number }> {
    if (action !== 'disable' && action !== 'delete' && action !== 'revokeTokens') {
      return {};
    }
    const users = filter ? this.list.idsMatching(filter) : ids;
    return {
      tokenCount: await this.tokens.countOf(users, action === 'disable'),
      ...(action === 'delete' && { descendantCount: await this.tokens.countDescendantsOf(users) }),
    };
  }

  /** Deletes the users with very many tokens, whom the transactions have only suspended. */
  private async finishDeletions(
    items: readonly BulkItemResultDto[],
    targets: readonly NamedUser[],
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

function checkPermission(permission: BuiltInPermission, actor: Principal): void {
  if (!actor.permissions.has(permission)) {
    throw new ApplicationError('forbidden', { detail: `This requires ${permission}.` });
  }
}
