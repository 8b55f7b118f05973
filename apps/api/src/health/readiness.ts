import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { HealthDto } from '@latchkey/auth-models';
import { DataSource } from 'typeorm';
import { ClockCheck } from '../audit/trail/clock-check.js';
import { Writes } from '../platform/database/writes.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { RevocationListener } from '../platform/revocation/revocation-listener.js';

/** How long the database may take to answer before it counts as absent. */
const DEADLINE_MILLISECONDS = 1_000;

/** Whether the process should be sent requests. */
@Injectable()
export class Readiness {
  private isStopping = false;
  private isDatabaseThere = true;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly revocations: RevocationListener,
    private readonly clock: ClockCheck,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    writes.disk.onLoss((err) =>
      logger.error({ err }, 'The disk has failed; nothing is written until the server is started again'),
    );
  }

  /** Turns red ahead of the stop, so that a balancer sends no more. */
  stop(): void {
    this.isStopping = true;
  }

  /** Says whether requests can be served just now, and logs when that changes. */
  async check(): Promise<HealthDto> {
    if (this.isStopping) {
      return { status: 'unavailable', reason: 'The server is stopping.' };
    }
    try {
      await inTime(this.source.query('SELECT 1'));
    } catch (err) {
      this.tellChange(false, err);
      return { status: 'unavailable', reason: 'The database does not answer.' };
    }
    this.tellChange(true);
    if (this.writes.disk.isLost) {
      return {
        status: 'unavailable',
        reason: 'The disk has failed; look at it, then start the server again.',
      };
    }
    const remarks = [this.revocations.remark, this.clock.remark].filter((remark) => remark !== undefined);
    return { status: 'ok', ...(remarks.length > 0 && { remarks }) };
  }

  private tellChange(isDatabaseThere: boolean, err?: unknown): void {
    if (isDatabaseThere === this.isDatabaseThere) {
      return;
    }
    this.isDatabaseThere = isDatabaseThere;
    if (isDatabaseThere) {
      this.logger.info('The database answers again');
    } else {
      this.logger.error({ err }, 'The database does not answer');
    }
  }
}

async function inTime(answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const error = new Error(`No answer within ${DEADLINE_MILLISECONDS} ms`);
    timer = setTimeout(() => reject(error), DEADLINE_MILLISECONDS);
  });
  try {
    await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
