import { Injectable } from '@nestjs/common';
import { type DailyLoginsDto } from '@latchkey/auth-models';
import { dateOf, dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { LoginFiguresRepository } from './login-figures.repository.js';

/** Daily login figures for statistics. */
@Injectable()
export class LoginFiguresService {
  constructor(private readonly repository: LoginFiguresRepository) {}

  /** Returns the figures of the last `count` days, oldest first. Days without logins have zeros. */
  async findLast(count: number, now: EpochMilliseconds): Promise<DailyLoginsDto[]> {
    const first = dayOf(now) - count + 1;
    const known = new Map((await this.repository.findFrom(first)).map((figures) => [figures.day, figures]));
    return Array.from({ length: count }, (_, index) => {
      const { successes = 0, failures = 0, unknownNameFailures = 0 } = known.get(first + index) ?? {};
      return { date: dateOf(first + index), successes, failures, unknownNameFailures };
    });
  }
}
