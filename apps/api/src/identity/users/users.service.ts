import { Injectable } from '@nestjs/common';
import { type CreateUserDto } from '@latchkey/auth-models';
import { AuditService, SERVER_ACTOR } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { isUniqueViolation } from '../../platform/database/driver-errors.js';
import { Writes } from '../../platform/database/writes.js';
import { ADMINISTRATOR_ROLE } from '../permissions/grants-above.js';
import { RolesService } from '../roles/roles.service.js';
import { Authority } from '../permissions/authority.js';
import { DEFAULT_ROLES, newUser } from './model/new-user.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { refuseService } from './refuse-service.js';
import { UserRolesRepository } from './model/user-roles.repository.js';
import { type UserWithRoles } from './model/user-with-roles.js';
import { type User } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';

/** Makes users. */
@Injectable()
export class UsersService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly authority: Authority,
    private readonly roles: RolesService,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a user.
   *
   * @throws ApplicationError `validation_failed`, `above_your_permissions` or `name_taken`.
   */
  async create(dto: CreateUserDto, actor: Principal): Promise<UserWithRoles> {
    const roles = dto.roles ?? DEFAULT_ROLES;
    // Before the hash, which costs; and again where they are granted.
    await this.roles.checkGrantable(roles, actor);
    const user = newUser(dto, await this.hashOf(dto), this.clock.now());

    if (!(await this.insert(user, roles, actor))) {
      throw (await this.repository.findByName(user.name)) ? nameTaken(user.name) : nameConfusable(user.name);
    }
    return { user, roles: [...roles].sort() };
  }

  /**
   * Makes the first administrator on the server's own account.
   *
   * @returns `null` if somebody has the name already: of several replicas exactly one makes it.
   */
  async createFirst(name: string, password: string | undefined): Promise<User | null> {
    const user = newUser({ name }, await this.hashOf({ name, password }), this.clock.now());
    return (await this.insert(user, [ADMINISTRATOR_ROLE])) ? user : null;
  }

  /** Stores a user with its audit entry; `false` if the name is taken, or looks like another. */
  private async insert(user: User, roles: readonly string[], actor?: Principal): Promise<boolean> {
    try {
      await this.writes.transaction(async (tx) => {
        if (actor) {
          await this.authority.checkGrants(roles, actor, tx);
        }
        await this.repository.insert(user, tx);
        await this.userRoles.add([user.id], roles, tx);
        await this.audit.record(
          {
            action: 'user_created',
            actor: actor ?? SERVER_ACTOR,
            origin: actor?.origin,
            subject: { kind: 'user', id: user.id, name: user.name },
            after: { kind: user.kind, enabled: user.enabled, roles: [...roles].sort() },
          },
          tx,
        );
      }, 'none');
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  private async hashOf(dto: CreateUserDto): Promise<string | null> {
    if (dto.password === undefined) {
      return null;
    }
    refuseService(dto, '/password');
    this.policy.check(dto.password, dto);
    return this.passwords.hash(dto.password);
  }
}

/** Does not tell whose name it looks like: the caller may not be allowed to list users. */
function nameConfusable(name: string): ApplicationError {
  return new ApplicationError('name_taken', {
    detail: `The name ${name} looks like the name of another user. Choose one that cannot be mistaken for it.`,
    errors: [
      {
        pointer: '/name',
        code: 'name_confusable',
        message: `the name ${name} looks like that of another user`,
      },
    ],
  });
}

function nameTaken(name: string): ApplicationError {
  return new ApplicationError('name_taken', {
    detail: `There is a user ${name} already.`,
    errors: [{ pointer: '/name', code: 'name_taken', message: `the name ${name} is in use` }],
  });
}
