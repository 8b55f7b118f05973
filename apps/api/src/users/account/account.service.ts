import { Injectable } from '@nestjs/common';
import { type MeDto, type UpdateMeDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { checkNotRestricted, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { UserEditingService } from '../user-editing.service.js';
import { UserTokens } from '../user-tokens.js';
import { type User } from '../model/user.entity.js';
import { toMeDto } from '../model/user.mapper.js';
import { UsersRepository } from '../model/users.repository.js';

/** Reads and changes the caller's own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokens,
    private readonly editing: UserEditingService,
  ) {}

  async profile(actor: Principal): Promise<MeDto> {
    const user = await this.users.findById(actor.id);
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    return this.toDto(user, actor);
  }

  /**
   * @throws ApplicationError `precondition_required`, `precondition_failed`, `conflict`, or `forbidden` for
   *   a limited token, and for an API token that would change the address for lost passwords.
   */
  async update(
    { displayName, email }: UpdateMeDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<MeDto> {
    checkNotRestricted(actor, 'users:write');
    if (email !== undefined && actor.token && !actor.token.session) {
      throw new ApplicationError('forbidden', {
        detail:
          'Links to choose a password go to the e-mail address. To change it, log in with your password.',
      });
    }
    const { user } = await this.editing.update(actor.name, { displayName, email }, condition, actor);
    return this.toDto(user, actor);
  }

  private async toDto(user: User, actor: Principal): Promise<MeDto> {
    const token = await this.tokens.presented(actor);
    return { ...toMeDto(user, actor.roles, actor.permissions), ...(token && { token }) };
  }
}
