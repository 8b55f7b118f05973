import { Injectable } from '@nestjs/common';
import { type MeDto } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/principal.js';
import { toMeDto } from '../users/user.mapper.js';
import { UsersRepository } from '../users/users.repository.js';

/** What people see of their own account. */
@Injectable()
export class AccountService {
  constructor(private readonly users: UsersRepository) {}

  async profile(actor: Principal): Promise<MeDto> {
    const user = await this.users.findById(actor.id);
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    return toMeDto(user, actor.roles, actor.permissions);
  }
}
