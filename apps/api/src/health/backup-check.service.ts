import { Inject, Injectable } from '@nestjs/common';
import { AuditService, SERVER_ACTOR } from '../audit/trail/audit.service.js';
import { ClockCheck } from '../audit/trail/clock-check.service.js';
import { Clock, DAY_MILLISECONDS, toRfc3339 } from '../common/clock.service.js';
import { Config } from '../platform/config/config.js';
import { RepeatedJob } from '../platform/database/repeated-job.js';
import { lastBackup } from '../platform/database/sqlite/last-backup.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';

const PLAN = {
  firstMilliseconds: 120_000,
  intervalMilliseconds: 3_600_000,
  failure: 'The age of the last backup could not be checked',
};

/** A weekly backup may be a day late. */
const OVERDUE_MILLISECONDS = 8 * DAY_MILLISECONDS;

/**
 * Records once that the last backup of an SQLite database is too old. Does nothing if `latchkey backup` was
 * never used, because there may be other backups. `latchkey doctor` then warns.
 */
@Injectable()
export class BackupCheck extends RepeatedJob {
  constructor(
    private readonly config: Config,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    clockCheck: ClockCheck,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(PLAN, logger, clockCheck);
  }

  protected async work(): Promise<void> {
    const { database } = this.config;
    const last = database.kind === 'sqlite' ? lastBackup(database.file) : undefined;
    if (typeof last !== 'object') {
      return;
    }
    const time = Date.parse(last.time);
    if (this.clock.now() - time <= OVERDUE_MILLISECONDS) {
      return;
    }
    const after = { lastBackup: toRfc3339(time) };
    const reported = await this.audit.newest('backup_overdue');
    if (reported?.after !== JSON.stringify(after)) {
      await this.audit.recordEvent({
        action: 'backup_overdue',
        outcome: 'failure',
        actor: SERVER_ACTOR,
        subject: { kind: 'audit', id: null, name: 'backup' },
        after,
      });
    }
  }
}
