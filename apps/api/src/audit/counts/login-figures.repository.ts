import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThanOrEqual, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { LoginDay } from './login-day.entity.js';

const DAY_MILLISECONDS = 86_400_000;

/** What a log-in is counted as. */
export type LoginCount = Exclude<keyof LoginDay, 'day'>;

/** Counts one more; the first of a day makes its row. */
const countOf = (as: LoginCount) =>
  `INSERT INTO "login_days" ("day", "${as}") VALUES (?, 1) ON CONFLICT ("day") DO UPDATE SET "${as}" = "login_days"."${as}" + 1`;

/**
 * Every query on the figures of log-ins. They are counted as they are recorded: counting entries of the audit trail
 * would take an index over all of it, and would forget with it.
 */
@Injectable()
export class LoginFiguresRepository {
  constructor(@InjectRepository(LoginDay) private readonly days: Repository<LoginDay>) {}

  /** Counts a log-in, in a transaction that holds the end of the audit trail, so that nobody else counts meanwhile. */
  async count(as: LoginCount, time: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await run(countOf(as), [dayOf(time)], tx);
  }

  /** The figures of the last so many days up to a time, oldest first; a day without any has zeros. */
  async findLast(count: number, now: EpochMilliseconds): Promise<LoginDay[]> {
    const first = dayOf(now) - count + 1;
    const known = await this.days.findBy({ day: MoreThanOrEqual(first) });
    return Array.from(
      { length: count },
      (_, index) =>
        known.find(({ day }) => day === first + index) ?? {
          day: first + index,
          successes: 0,
          failures: 0,
          unknownNameFailures: 0,
        },
    );
  }
}

/** When a day begins, in UTC. */
export function startOf({ day }: Pick<LoginDay, 'day'>): EpochMilliseconds {
  return day * DAY_MILLISECONDS;
}

function dayOf(time: EpochMilliseconds): number {
  return Math.floor(time / DAY_MILLISECONDS);
}
