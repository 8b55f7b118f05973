import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { HEALTH_REASONS, HealthDto } from '@latchkey/auth-models';
import { DataSource } from 'typeorm';
import { ClockCheck } from '../audit/trail/clock-check.js';
import { Writes } from '../platform/database/writes.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { RevocationListener } from '../platform/revocation/revocation-listener.js';

/** Time after which the database counts as unavailable. */
const DEADLINE_MILLISECONDS = 1_000;

/** Readiness of the process to serve requests. */
@Injectable()
export class Readiness {
  private isStopping = false;
  private isDatabaseAvailable = true;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly revocations: RevocationListener,
    private readonly clock: ClockCheck,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    writes.disk.onLoss((err) =>
      logger.error({ err }, 'The disk has failed. Writes are rejected until the server is restarted'),
    );
  }

  /** Reports the process as unavailable before it stops, so that load balancers stop sending requests. */
  stop(): void {
    this.isStopping = true;
  }

  /** Checks whether the process can serve requests, and logs changes. */
  async check(): Promise<HealthDto> {
    if (this.isStopping) {
      return { status: 'unavailable', reason: HEALTH_REASONS.stopping };
    }
    try {
      await withDeadline(this.source.query('SELECT 1'));
    } catch (err) {
      this.logChange(false, err);
      return { status: 'unavailable', reason: HEALTH_REASONS.databaseUnavailable };
    }
    this.logChange(true);
    if (this.writes.disk.isLost) {
      return { status: 'unavailable', reason: HEALTH_REASONS.diskFailed };
    }
    const remarks = [this.revocations.remark, this.clock.remark].filter((remark) => remark !== undefined);
    return { status: 'ok', ...(remarks.length > 0 && { remarks }) };
  }

  private logChange(isDatabaseAvailable: boolean, err?: unknown): void {
    if (isDatabaseAvailable === this.isDatabaseAvailable) {
      return;
    }
    this.isDatabaseAvailable = isDatabaseAvailable;
    if (isDatabaseAvailable) {
      this.logger.info('The database responds again');
    } else {
      this.logger.error({ err }, 'The database does not respond');
    }
  }
}

async function withDeadline(query: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const error = new Error(`No answer within ${DEADLINE_MILLISECONDS} ms`);
    timer = setTimeout(() => reject(error), DEADLINE_MILLISECONDS);
  });
  try {
    await Promise.race([query, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
