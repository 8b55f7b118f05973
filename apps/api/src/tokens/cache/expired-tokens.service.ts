import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { type PresentedTokenRecord } from './presented-token-reader.service.js';
import { expiryOf } from '../model/token-state.js';
import { TokensRepository } from '../model/tokens.repository.js';

/** Columns of a rejected token. */
type RejectedToken = Pick<
  PresentedTokenRecord,
  'id' | 'userId' | 'expirationTime' | 'idleExpirationTime' | 'revocationReason'
>;

/**
 * Records in the database which tokens were rejected as expired, so that they stay expired if the clock is
 * set back. Each is written once, and only a client with its secret can cause the write.
 */
@Injectable()
export class ExpiredTokens implements BeforeApplicationShutdown {
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    private readonly tokens: TokensRepository,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Waits for pending writes. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  /**
   * Records the expiry of a rejected token, unless only its superseded secret expired. The response does not
   * wait for the write.
   */
  record(token: RejectedToken, now: EpochMilliseconds): void {
    const { id, userId, revocationReason } = token;
    const expiry = expiryOf(token);
    if (expiry === null || expiry > now || revocationReason !== null || this.writing.has(id)) {
      return;
    }
    const written = this.writes
      .transaction((tx) => this.tokens.expire(id, expiry, tx), [userId])
      // The next rejection records it.
      .catch((err: unknown) =>
        logFailure(this.logger, { err }, 'The expiry of a token could not be recorded'),
      )
      .finally(() => this.writing.delete(id));
    this.writing.set(id, written);
  }
}
