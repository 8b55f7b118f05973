import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';

/** Numbers of the live tokens that use permissions of APIs. */
export abstract class ResourceApiTokenCounts {
  /**
   * Returns the number of live tokens whose scope names permissions of each API. APIs without such tokens are
   * absent.
   */
  abstract countOfApis(apis: readonly string[], now: EpochMilliseconds): Promise<Map<string, number>>;

  /**
   * Returns the scopes of the live tokens that name permissions of an API, each with the number of its
   * tokens.
   */
  abstract countScopes(
    api: string,
    now: EpochMilliseconds,
    tx?: WriteTransaction,
  ): Promise<{ scope: string; count: number }[]>;
}
