import { Injectable } from '@nestjs/common';
import { type MeDto, type UpdateMeDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { checkNotRestricted } from '../tokens/access/token-access.js';
import { UserEditingService } from '../users/user-editing.service.js';
import { toMeDto } from '../users/model/user.mapper.js';
import { UsersRepository } from '../users/model/users.repository.js';

/** Reads and changes the caller's own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersRepository,
    private readonly editing: UserEditingService,
  ) {}

  async profile(actor: Principal): Promise<MeDto> {
    const user = await this.users.findById(actor.id);
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    return toMeDto(user, actor.roles, actor.permissions);
  }

  /**
   * @throws ApplicationError `precondition_required`, `precondition_failed`, `conflict`, or `forbidden` for a limited
   * token.
   */
  async update(
    { displayName, email }: UpdateMeDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<MeDto> {
    checkNotRestricted(actor, 'users:write');
    const { user } = await this.editing.update(actor.name, { displayName, email }, condition, actor);
    return toMeDto(user, actor.roles, actor.permissions);
  }
}
