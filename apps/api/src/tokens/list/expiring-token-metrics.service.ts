import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { RepeatedJob } from '../../platform/database/repeated-job.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { TokenFigures, type ExpiringTokens } from './token-figures.service.js';

const PLAN = {
  firstMilliseconds: 5_000,
  intervalMilliseconds: 60_000,
  failure: 'Expiring tokens could not be counted for the metrics',
};

/**
 * Counts expiring tokens for the metrics, in the background, so that a scrape never waits for the database.
 */
@Injectable()
export class ExpiringTokenMetrics extends RepeatedJob {
  private latest: ExpiringTokens | undefined;

  constructor(
    private readonly figures: TokenFigures,
    private readonly config: Config,
    metrics: Metrics,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger);
    metrics.gauges(
      'latchkey_api_tokens_expiring',
      'API tokens in use that expire within this time.',
      'within',
      () => this.latest && { ...this.latest },
    );
  }

  protected async work(): Promise<void> {
    if (this.config.metrics !== 'off') {
      this.latest = await this.figures.countExpiring();
    }
  }
}
