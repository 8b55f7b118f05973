import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { type RequestOrigin } from '../common/request-origin.js';
import { Writes } from '../database/writes.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { TokensRepository } from './tokens.repository.js';

/** When, from where and with what a token was used. */
export interface TokenUse {
  lastUsageTime: EpochMilliseconds;
  lastUsageAddress: string;
  lastUsageAgent: string | null;
}

/** Tokens whose last write is remembered; one that is forgotten is written once more. */
const REMEMBERED_MAX = 100_000;
/** A token in steady use is written once in so long. */
const QUIET_MILLISECONDS = 60_000;
/** Uses gather for so long before they are written together. */
const GATHER_MILLISECONDS = 250;
/** Uses in one transaction, so that log-ins do not wait long for their turn. */
const SLICE = 200;

/** Keeps when tokens were last used, without a write a request: the first use at once, then one a minute. */
@Injectable()
export class LastUses implements BeforeApplicationShutdown {
  private readonly noted = new LRUCache<string, EpochMilliseconds>({ max: REMEMBERED_MAX });
  private readonly pending = new Map<string, TokenUse>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: TokensRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Notes a use; it is written soon, unless one was within the last minute. */
  note(id: string, { address, agent }: RequestOrigin): void {
    const now = this.clock.now();
    const before = this.noted.get(id);
    if (before !== undefined && Math.abs(now - before) < QUIET_MILLISECONDS) {
      return;
    }
    this.noted.set(id, now);
    this.pending.set(id, { lastUsageTime: now, lastUsageAddress: address, lastUsageAgent: agent ?? null });
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MILLISECONDS);
  }

  /** Writes what has gathered. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const uses = [...this.pending];
    this.pending.clear();
    for (let start = 0; start < uses.length; start += SLICE) {
      await this.write(uses.slice(start, start + SLICE));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private async write(uses: [string, TokenUse][]): Promise<void> {
    try {
      await this.writes.transaction(async (tx) => {
        for (const [id, use] of uses) {
          await this.repository.recordUse(id, use, tx);
        }
      });
    } catch (err) {
      // Nobody waits for it, and the next use of each token is noted anew.
      uses.forEach(([id]) => this.noted.delete(id));
      this.logger.warn({ err, tokens: uses.length }, 'The last use of some tokens could not be written');
    }
  }
}
