import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type UserStatsDto } from '@latchkey/auth-models';
import { type Repository } from 'typeorm';
import { numbersOf } from '../../platform/database/queries/list-queries.js';
import { User } from '../users/model/user.entity.js';

/** Queries that count users. */
@Injectable()
export class UserFiguresRepository {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  /** Returns the numbers of users by kind and state. */
  async count(): Promise<UserStatsDto> {
    const when = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
    const row = await this.users
      .createQueryBuilder('user')
      .select('COUNT(*)', 'total')
      .addSelect(when('user.enabled'), 'enabled')
      .addSelect(when('NOT user.enabled'), 'disabled')
      .addSelect(when(`user.kind = 'human'`), 'humans')
      .addSelect(when(`user.kind = 'service'`), 'services')
      .addSelect(when('user.lastLoginTime IS NULL'), 'neverLoggedIn')
      .getRawOne<Record<keyof UserStatsDto, unknown>>();
    return numbersOf(row);
  }
}
