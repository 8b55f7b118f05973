import { Injectable } from '@nestjs/common';
import {
  BULK_SAMPLE_SIZE,
  canonicalUserName,
  type UserBulkRequestDto,
  type UserFilterDto,
} from '@latchkey/auth-models';
import { Clock } from '../../../common/clock.js';
import { readInParts } from '../../../common/in-parts.js';
import { TokenStatsService } from '../../tokens/list/token-stats.service.js';
import { UserListRepository } from '../../users/list/user-list.repository.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersRepository } from '../../users/model/users.repository.js';

/** Ids and names in one query. Each query of a search costs PostgreSQL a scan. */
const READ_AT_ONCE = 2_000;

/** One user of a bulk request. */
export interface BulkTarget {
  /** Canonical name, or the text that was sent if it is not a name. */
  readonly name: string;
  /** `undefined` if no user has the name. */
  readonly id: string | undefined;
}

/** Finds the users of a bulk request, and counts their tokens. */
@Injectable()
export class UserBulkTargets {
  constructor(
    private readonly users: UsersRepository,
    private readonly list: UserListRepository,
    private readonly tokens: TokenStatsService,
    private readonly clock: Clock,
  ) {}

  /** Returns each user once: names in the order of the request, matches of a filter in the order of names. */
  find({ ids, filter }: UserBulkRequestDto): Promise<BulkTarget[]> {
    return ids ? this.findNamed(ids) : this.findMatching(filter ?? {});
  }

  /** Returns the first few users. */
  sample(targets: readonly BulkTarget[]): Promise<User[]> {
    return this.users.findByIds(idsOf(targets).slice(0, BULK_SAMPLE_SIZE));
  }

  /** Counts the live tokens that stop working, and those of others that a deletion revokes; empty for other actions. */
  async countTokens(
    { action, filter }: UserBulkRequestDto,
    targets: readonly BulkTarget[],
  ): Promise<{ tokenCount?: number; descendantCount?: number }> {
    if (action !== 'disable' && action !== 'delete' && action !== 'revokeTokens') {
      return {};
    }
    const users = filter ? this.list.idsMatching(filter, this.clock.now()) : idsOf(targets);
    return {
      tokenCount: await this.tokens.countOf(users, action === 'disable'),
      ...(action === 'delete' && { descendantCount: await this.tokens.countDescendantsOf(users) }),
    };
  }

  private async findNamed(given: readonly string[]): Promise<BulkTarget[]> {
    const names = [...new Set(given.map((name) => canonicalUserName(name) ?? name))];
    const ids = await this.users.findIdsByNames(names);
    return names.map((name) => ({ name, id: ids.get(name) }));
  }

  private async findMatching(filter: UserFilterDto): Promise<BulkTarget[]> {
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

function idsOf(targets: readonly BulkTarget[]): string[] {
  return targets.flatMap(({ id }) => id ?? []);
}
