import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { Writes } from '../../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { type PresentedTokenRecord } from './token-look-up.js';
import { expiryOf } from '../model/token-state.js';
import { TokensRepository } from '../model/tokens.repository.js';

/** What of a refused token is noted. */
type Refused = Pick<
  PresentedTokenRecord,
  'id' | 'userId' | 'expirationTime' | 'idleExpirationTime' | 'endReason'
>;

/**
 * Notes in the database which tokens were refused since they had run out, so that none of them is good again when the clock
 * is set back. Each is written once, and only who has its secret can have it written.
 */
@Injectable()
export class ExpiredTokens implements BeforeApplicationShutdown {
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    private readonly tokens: TokensRepository,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Waits for what is being written. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  /**
   * Notes a token that was refused at a time, unless it is a superseded secret's that lives on. The refusal need not wait
   * for it.
   */
  note(token: Refused, now: EpochMilliseconds): void {
    const { id, userId, endReason } = token;
    const expiry = expiryOf(token);
    if (expiry === null || expiry > now || endReason !== null || this.writing.has(id)) {
      return;
    }
    const written = this.writes
      .transaction((tx) => this.tokens.expire(id, expiry, tx), [userId])
      // The next refusal notes it.
      .catch((err: unknown) => this.logger.warn({ err }, 'That a token has run out could not be noted'))
      .finally(() => this.writing.delete(id));
    this.writing.set(id, written);
  }
}
