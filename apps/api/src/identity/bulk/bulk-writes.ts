import { Inject, Injectable } from '@nestjs/common';
import { type BulkItemResultDto, type ErrorCode } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { ErrorTranslations } from '../../common/error-translations.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { rejectedItem } from './bulk-items.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.js';

/** The results of one transaction, and the ids of the users whose tokens may stand differently after it. */
export interface BulkChunk {
  readonly items: BulkItemResultDto[];
  readonly affected: readonly string[];
}

/** Does what a bulk request asks for, to a few items in each transaction, and tells of each what came of it. */
@Injectable()
export class BulkWrites {
  constructor(
    private readonly writes: Writes,
    private readonly translations: ErrorTranslations,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Stops at the first transaction that fails. Those before it stay, so they are told of, and its items and all after it
   * are given the reason.
   *
   * @param idOf the id by which an item is told of.
   * @throws whatever the very first one fails with: then nothing was done.
   */
  async run<Target>(
    targets: readonly Target[],
    idOf: (target: Target) => string,
    work: (chunk: readonly Target[], tx: WriteTransaction) => Promise<BulkChunk>,
  ): Promise<BulkItemResultDto[]> {
    const done: BulkItemResultDto[] = [];
    try {
      for await (const { items } of this.writes.inChunks(targets, work, ({ affected }) => affected)) {
        done.push(...items);
      }
      return done;
    } catch (error) {
      if (done.length === 0) {
        throw error;
      }
      const code = this.reasonOf(error);
      return [...done, ...targets.slice(done.length).map((target) => rejectedItem(idOf(target), code))];
    }
  }

  /** What a failure means to the caller, who is told of it by item; so it is logged here. */
  reasonOf(error: unknown): ErrorCode {
    const code =
      error instanceof ApplicationError
        ? error.code
        : (this.translations.translate(error)?.code ?? 'internal_error');
    this.logger.warn({ err: error }, 'bulk_broken_off');
    return code;
  }
}
