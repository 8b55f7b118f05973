import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Scope } from '../scope.js';

/** Numbers of the live tokens that use permissions of APIs. */
export abstract class ResourceApiTokenCounts {
  /**
   * Returns the number of live tokens whose scope names permissions of each API. APIs without such tokens are
   * absent.
   */
  abstract countOfApis(apis: readonly string[], now: EpochMilliseconds): Promise<Map<string, number>>;

  /**
   * Returns the scopes of the live tokens that name permissions of some APIs, each with the number of its
   * tokens.
   */
  abstract countScopes(
    apis: readonly string[],
    now: EpochMilliseconds,
    tx?: WriteTransaction,
  ): Promise<{ scope: string; count: number }[]>;

  /**
   * Returns the numbers of live API tokens of users with at least one of some roles, by these roles and by
   * scope. Leaves out scopes that allow no permission of the APIs.
   */
  abstract countByRoles(
    roleNames: readonly string[],
    apis: readonly string[],
    now: EpochMilliseconds,
  ): Promise<{ roles: string; scope: Scope; count: number }[]>;
}
