import { type PresentedTokenDto } from '@latchkey/auth-models';
import { type SelectQueryBuilder } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { type Counts } from '../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { type User } from './model/user.entity.js';

/** Users by their ids, or the query that selects their ids. */
export type UserSet = readonly string[] | SelectQueryBuilder<User>;

/** Numbers of the live tokens of users. */
export abstract class UserTokenCounts {
  /** Counts the live tokens of each user. */
  abstract countByUser(userIds: readonly string[]): Promise<Map<string, number>>;

  /** Returns the subquery of the live tokens of each user, for lists of users. */
  abstract liveCounts(now: EpochMilliseconds): Counts;

  /**
   * Counts the live tokens of some users, optionally of enabled users only, because those of others do not
   * work anyway.
   */
  abstract countOf(users: UserSet, onlyOfEnabled: boolean): Promise<number>;

  /** Counts the live tokens of others that were created with tokens of some users. */
  abstract countDescendantsOf(users: UserSet): Promise<number>;
}

/** Revoked tokens of other users. */
export interface RevokedTokens {
  /** Ids of the users whose tokens they are. */
  readonly userIds: readonly string[];

  /** Records them, with the deleted users whose tokens they were created with. */
  record(users: readonly Pick<User, 'id' | 'name'>[], actor: Principal, tx: WriteTransaction): Promise<void>;
}

/** Tokens of users, as far as changes of the users affect them. */
export abstract class UserTokens {
  /** Returns the presented token of the caller. */
  abstract presented(actor: Principal): Promise<PresentedTokenDto | undefined>;

  /**
   * Revokes all tokens of the caller except the presented one.
   *
   * @throws ApplicationError `token_revoked` if the presented token was just revoked.
   */
  abstract revokeOthers(actor: Principal, tx: WriteTransaction): Promise<void>;

  /** Returns the users among some who have more than `count` tokens. */
  abstract findOwnersOfMore(
    count: number,
    userIds: readonly string[],
    tx: WriteTransaction,
  ): Promise<string[]>;

  /** Deletes up to `limit` tokens of a user. Returns the number of deleted tokens. */
  abstract deleteSomeOf(userId: string, limit: number, tx: WriteTransaction): Promise<number>;

  /**
   * Locks the tokens of users who are deleted, then revokes all tokens of others that were created with
   * tokens of the ancestor owners, directly or through others. It needs no permission on their owners,
   * because a revocation grants nothing.
   *
   * @returns the revoked tokens. The caller records them once it has locked every row that it needs.
   */
  abstract revokeDescendants(
    deletedUserIds: readonly string[],
    ancestorUserIds: readonly string[],
    tx: WriteTransaction,
  ): Promise<RevokedTokens>;
}
