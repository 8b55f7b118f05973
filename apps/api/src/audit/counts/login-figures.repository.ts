import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThanOrEqual, type Repository } from 'typeorm';
import { dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { LoginDay } from './login-day.entity.js';

/** Column that counts a login. */
export type LoginCount = Exclude<keyof LoginDay, 'day'>;

/** Increments a count. The first login of a day inserts the row. */
const countOf = (as: LoginCount) =>
  `INSERT INTO "login_days" ("day", "${as}") VALUES (?, 1) ON CONFLICT ("day") DO UPDATE SET "${as}" = "login_days"."${as}" + 1`;

/**
 * Queries on the daily login figures. Logins are counted as they are recorded: counting audit entries would need an
 * index over the whole trail, and would lose the figures of trimmed entries.
 */
@Injectable()
export class LoginFiguresRepository {
  constructor(@InjectRepository(LoginDay) private readonly days: Repository<LoginDay>) {}

  /** Counts a login. The transaction must hold the end of the audit chain, which serializes the counts. */
  async count(as: LoginCount, time: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await run(countOf(as), [dayOf(time)], tx);
  }

  /** Returns the figures from a day on. Days without logins have none. */
  findFrom(first: number): Promise<LoginDay[]> {
    return this.days.findBy({ day: MoreThanOrEqual(first) });
  }
}
