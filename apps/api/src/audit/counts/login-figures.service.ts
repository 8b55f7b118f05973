import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type DailyLoginsDto } from '@latchkey/auth-models';
import { MoreThanOrEqual, type Repository } from 'typeorm';
import { dateOf, dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { LoginDay } from './login-day.entity.js';

/** Column that counts a login. */
export type LoginCount = Exclude<keyof LoginDay, 'day'>;

/** Increments a count. The first login of a day inserts the row. */
const countOf = (as: LoginCount) =>
  `INSERT INTO "login_days" ("day", "${as}") VALUES (?, 1) ON CONFLICT ("day") DO UPDATE SET "${as}" = "login_days"."${as}" + 1`;

/** Daily login figures for statistics. Logins are counted as they are recorded. */
@Injectable()
export class LoginFigures {
  constructor(@InjectRepository(LoginDay) private readonly days: Repository<LoginDay>) {}

  /** Counts a login. The transaction must hold the end of the audit chain, which serializes the counts. */
  async count(as: LoginCount, time: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await run(countOf(as), [dayOf(time)], tx);
  }

  /** Returns the figures of the last `count` days, oldest first. Days without logins have zeros. */
  async findLast(count: number, now: EpochMilliseconds): Promise<DailyLoginsDto[]> {
    const first = dayOf(now) - count + 1;
    const rows = await this.days.findBy({ day: MoreThanOrEqual(first) });
    const known = new Map(rows.map((figures) => [figures.day, figures]));
    return Array.from({ length: count }, (_, index) => {
      const { successes = 0, failures = 0, unknownNameFailures = 0 } = known.get(first + index) ?? {};
      return { date: dateOf(first + index), successes, failures, unknownNameFailures };
    });
  }
}
