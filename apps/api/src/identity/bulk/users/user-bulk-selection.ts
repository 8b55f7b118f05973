import { Injectable } from '@nestjs/common';
import {
  BULK_SAMPLE_SIZE,
  canonicalUserName,
  type UserBulkAction,
  type UserBulkRequestDto,
  type UserFilterDto,
} from '@latchkey/auth-models';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { readInParts } from '../../../common/read-in-parts.js';
import { TokenFiguresRepository } from '../../tokens/list/token-figures.repository.js';
import { TokenLineageRepository } from '../../tokens/model/token-lineage.repository.js';
import { UserListRepository } from '../../users/list/user-list.repository.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersRepository } from '../../users/model/users.repository.js';

/** Ids and names that are read in one go: cheaper than whole rows, and every part of a search costs PostgreSQL a scan. */
const READ_AT_ONCE = 2_000;

/** The actions after which tokens work no more. */
const ENDING: readonly UserBulkAction[] = ['disable', 'delete', 'revokeTokens'];

/** One of those whom a bulk request is about. */
export interface BulkTarget {
  /** Canonical name, or what was sent in its place. */
  readonly name: string;
  /** `undefined` = nobody has the name. */
  readonly id: string | undefined;
}

/** Finds whom a bulk request is about, before anything is changed. */
@Injectable()
export class UserBulkSelection {
  constructor(
    private readonly users: UsersRepository,
    private readonly list: UserListRepository,
    private readonly tokens: TokenFiguresRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly clock: Clock,
  ) {}

  /** Everybody, each once: by names in the order they were sent, by filter in the order of names. */
  targetsOf({ ids, filter }: UserBulkRequestDto): Promise<BulkTarget[]> {
    return ids ? this.named(ids) : this.matching(filter ?? {});
  }

  /** The first few of some targets, as they are now. */
  sample(targets: readonly BulkTarget[]): Promise<User[]> {
    const ids = targets.flatMap(({ id }) => id ?? []).slice(0, BULK_SAMPLE_SIZE);
    return this.users.findByIds(ids);
  }

  /**
   * How many live tokens would stop working with such a change of these targets.
   *
   * @returns `undefined` where the action ends none.
   */
  async countTokens(
    { action, filter }: UserBulkRequestDto,
    targets: readonly BulkTarget[],
  ): Promise<number | undefined> {
    if (!ENDING.includes(action)) {
      return undefined;
    }
    const now = this.clock.now();
    return this.tokens.countOf(this.idsOf(filter, targets, now), action === 'disable', now);
  }

  /**
   * Counts the live tokens of others that were created with tokens of these targets, and that a deletion revokes.
   *
   * @returns `undefined` for other actions.
   */
  async countDescendants(
    { action, filter }: UserBulkRequestDto,
    targets: readonly BulkTarget[],
  ): Promise<number | undefined> {
    const now = this.clock.now();
    return action === 'delete'
      ? this.lineage.countLiveOfOthers(this.idsOf(filter, targets, now), now)
      : undefined;
  }

  private idsOf(filter: UserFilterDto | undefined, targets: readonly BulkTarget[], now: EpochMilliseconds) {
    return filter ? this.list.idsMatching(filter, now) : targets.flatMap(({ id }) => id ?? []);
  }

  private async named(given: readonly string[]): Promise<BulkTarget[]> {
    const names = [...new Set(given.map((name) => canonicalUserName(name) ?? name))];
    const ids = await this.users.findIdsByNames(names);
    return names.map((name) => ({ name, id: ids.get(name) }));
  }

  private async matching(filter: UserFilterDto): Promise<BulkTarget[]> {
    const now = this.clock.now();
    const targets: BulkTarget[] = [];
    const read = (after: BulkTarget | undefined, limit: number) =>
      this.list.findIds(filter, now, after?.name, limit);
    for await (const part of readInParts<BulkTarget>(read, READ_AT_ONCE)) {
      targets.push(...part);
    }
    return targets;
  }
}
