import { setImmediate as otherWork } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { LeakedTokensService, type LeakReport } from '../../tokens/revoke/leaked-tokens.service.js';
import { CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { parseReported } from './tokens-in.js';

/** Maximum number of reported tokens that wait. */
const WAITING_MAX = 10_000;
/** Tokens that are parsed and read at once, so that other requests wait only briefly. */
const PART = 100;

/** Reported text, which may be a token. */
type ReportedText = { readonly text: string } & Omit<LeakReport, 'digest'>;

/**
 * Queue of leak reports. Requests are answered before their tokens are read, so that neither the response nor
 * its time reveals whether a token exists.
 */
@Injectable()
export class LeakReports implements BeforeApplicationShutdown {
  private waiting = 0;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly leaked: LeakedTokensService,
    private readonly canaries: CanaryAlarms,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Adds reported tokens to the queue.
   *
   * @throws ApplicationError `overloaded` if too many wait.
   */
  accept(tokens: readonly ReportedText[], origin: RequestOrigin): void {
    if (this.waiting + tokens.length > WAITING_MAX) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    this.waiting += tokens.length;
    this.working = this.working.then(() => this.process(tokens, origin));
  }

  /** Waits until the queue is empty. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.waiting > 0) {
      await this.working;
    }
  }

  private async process(tokens: readonly ReportedText[], origin: RequestOrigin): Promise<void> {
    for (let start = 0; start < tokens.length; start += PART) {
      const part = tokens.slice(start, start + PART);
      await otherWork();
      await this.applyOrLog(part, origin);
      this.waiting -= part.length;
    }
  }

  private async applyOrLog(texts: readonly ReportedText[], origin: RequestOrigin): Promise<void> {
    try {
      const reports = texts.flatMap(({ text, source, url }) => {
        const secret = parseReported(text.trim());
        return secret === undefined ? [] : [{ digest: digestOf(secret), source, url }];
      });
      if (reports.length > 0) {
        await this.apply(reports, origin);
      }
    } catch (err) {
      this.logger.error(
        { tokens: texts.length },
        'Some reported tokens could not be processed; report them again',
      );
      logFailure(this.logger, { err }, 'Reported tokens could not be processed');
    }
  }

  /**
   * Applies reports. Unknown secrets are compared with canaries, and otherwise have no effect.
   *
   * @throws the last failure, after all reports were attempted.
   */
  private async apply(reports: readonly LeakReport[], origin: RequestOrigin): Promise<void> {
    const distinct = new Map(reports.map((report) => [report.digest, report]));
    const ids = await atMostTwice(() => this.leaked.findTokenIds([...distinct.keys()]));
    const failedIds: string[] = [];
    let failure: unknown;
    for (const [digest, report] of distinct) {
      const { source, url } = report;
      const tokenId = ids.get(digest);
      if (tokenId === undefined) {
        this.canaries.take(digest, origin, { source, url });
        continue;
      }
      try {
        const applied = await atMostTwice(() => this.leaked.apply(tokenId, report, origin));
        if (applied) {
          const { token, effect, below } = applied;
          this.logger.warn(
            { tokenId, tokenPreview: token.preview, effect, descendants: below.length, source, url },
            'A token was reported as leaked',
          );
        }
      } catch (err) {
        failedIds.push(tokenId);
        failure = err;
      }
    }
    if (failedIds.length > 0) {
      this.logger.error({ tokenIds: failedIds }, 'Leaked tokens could not be revoked or disabled');
      throw failure;
    }
  }
}

/** Returns the result of an attempt, or of a second one if the first fails. */
async function atMostTwice<Result>(attempt: () => Promise<Result>): Promise<Result> {
  try {
    return await attempt();
  } catch {
    return attempt();
  }
}
