import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type BulkItemResultDto, type ErrorCode } from '@latchkey/auth-models';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { translateDriverError } from '../../platform/database/driver-errors.js';
import { type Principal } from '../../common/request/principal.js';
import { PROBLEM_STATUS } from '../../http/problems/problem-catalog.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { WriteLimit } from '../../throttle/write-limit.service.js';

/** Status of an item whose change continues after the transaction. It never reaches a client. */
export const PENDING = 202;

/** Accepted change of one item. Without `change`, the item already is as requested. */
export interface BulkPlan<Change> {
  readonly change?: Change;
  readonly warnings?: readonly string[];
}

/** Effect of the changes in one transaction. */
export interface BulkEffect<Change> {
  /** Users whose tokens are affected. */
  readonly affected: readonly string[];
  /** Changes that continue after the transaction. */
  readonly pending?: ReadonlySet<Change>;
}

/** Items of one transaction, as read in it. */
export interface BulkChunk<Target, Change> {
  /** Returns the plan for an item, or the code of its rejection. */
  plan(target: Target): BulkPlan<Change> | ErrorCode;
  /** Makes and audits at least one planned change. */
  apply(changes: readonly Change[]): Promise<BulkEffect<Change>>;
}

/** Bulk action on one kind of item. */
export interface BulkOperation<Target, Change> {
  /** Status of the same change to one item alone. */
  readonly status: 200 | 204;
  /** Returns the id of an item in the results. */
  idOf(target: Target): string;
  /**
   * Checks the actor again and reads the items, because a long request must not outlive the actor's
   * permissions.
   */
  open(targets: readonly Target[], tx: WriteTransaction): Promise<BulkChunk<Target, Change>>;
}

/** Runs bulk requests: a few items in each transaction, and one result for each item. */
@Injectable()
export class BulkEngine {
  constructor(
    private readonly writes: Writes,
    private readonly limit: WriteLimit,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Changes the items. It stops at the first transaction that fails: earlier ones stay committed, and all
   * later items get the code of the failure.
   *
   * @param count number of items that exist, to compare with `expectedCount`.
   * @throws the failure of the first transaction, because nothing was changed then.
   * @throws ApplicationError `validation_failed` or `count_grown`.
   */
  async run<Target, Change>(
    request: { filter?: unknown; expectedCount?: number },
    count: number,
    targets: readonly Target[],
    operation: BulkOperation<Target, Change>,
    actor: Principal,
  ): Promise<BulkItemResultDto[]> {
    checkExpectedCount(request, count);
    this.limit.countItems(actor, targets.length);
    const results: BulkItemResultDto[] = [];
    try {
      const chunks = this.writes.inChunks(
        targets,
        (chunk, tx) => runChunk(chunk, operation, tx),
        ({ affected }) => affected,
      );
      for await (const { items } of chunks) {
        results.push(...items);
      }
      return results;
    } catch (error) {
      if (results.length === 0) {
        throw error;
      }
      const code = this.codeOf(error);
      const skipped = targets.slice(results.length);
      return [...results, ...skipped.map((target) => rejectedItem(operation.idOf(target), code))];
    }
  }

  /** Returns the error code for the results. Logs the failure, because the client does not see it. */
  codeOf(error: unknown): ErrorCode {
    const code =
      error instanceof ApplicationError
        ? error.code
        : (translateDriverError(error)?.code ?? 'internal_error');
    logFailure(this.logger, { err: error }, 'bulk_broken_off');
    return code;
  }
}

async function runChunk<Target, Change>(
  targets: readonly Target[],
  operation: BulkOperation<Target, Change>,
  tx: WriteTransaction,
): Promise<{ items: BulkItemResultDto[]; affected: readonly string[] }> {
  const chunk = await operation.open(targets, tx);
  // SQLite queries are synchronous. Let other requests run between the steps of a transaction.
  await otherWork();
  const planned = targets.map((target) => ({ id: operation.idOf(target), plan: chunk.plan(target) }));
  const changes = planned.flatMap(({ plan }) =>
    typeof plan === 'string' || plan.change === undefined ? [] : [plan.change],
  );
  const { affected, pending }: BulkEffect<Change> =
    changes.length === 0 ? { affected: [] } : await chunk.apply(changes);
  // And before the commit.
  await otherWork();
  const items = planned.map(({ id, plan }) => {
    if (typeof plan === 'string') {
      return rejectedItem(id, plan);
    }
    const { change, warnings = [] } = plan;
    const status = change !== undefined && pending?.has(change) ? PENDING : operation.status;
    return { id, status, ...(warnings.length > 0 && { warnings: [...warnings] }) };
  });
  return { items, affected };
}

/** Returns the result for a rejected item, with the status of the same change to it alone. */
export function rejectedItem(id: string, code: ErrorCode): BulkItemResultDto {
  return { id, status: PROBLEM_STATUS[code], code };
}

/**
 * Checks that a request by filter matches no more items than its dry run counted.
 *
 * @throws ApplicationError `validation_failed` if a filter comes without a count, or `count_grown`.
 */
export function checkExpectedCount(
  { filter, expectedCount }: { filter?: unknown; expectedCount?: number },
  count: number,
): void {
  if (filter !== undefined && expectedCount === undefined) {
    const message = 'send the filter with "dryRun": true first, then its count';
    throw errorAt('/expectedCount', 'is_expected', message);
  }
  if (expectedCount !== undefined && count > expectedCount) {
    throw new ApplicationError('count_grown', {
      detail: `The request matches ${count} items, more than the expected ${expectedCount}. Check them with "dryRun": true.`,
    });
  }
}
