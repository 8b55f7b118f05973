import { Injectable } from '@nestjs/common';
import { type CreateUserDto } from '@latchkey/auth-models';
import { AuditService, SERVER_ACTOR, type AuditRecord } from '../audit/trail/audit.service.js';
import { type ApplicationError, errorAt } from '../common/application-error.js';
import { Clock } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { Passwords } from '../platform/crypto/passwords.service.js';
import { isUniqueViolation } from '../platform/database/driver-errors.js';
import { Writes } from '../platform/database/writes.service.js';
import { ADMINISTRATOR_ROLE } from '../permissions/grants.service.js';
import { RolesService } from '../permissions/roles/roles.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import {
  DEFAULT_ROLES,
  newUser,
  type User,
  type UserWithRoles,
  storeResponsible,
} from './model/user.entity.js';
import { ResponsiblePersons } from './mail/responsible-persons.service.js';
import { PasswordPolicy, rejectServicePassword } from './passwords/password-policy.service.js';
import { UsersRepository } from './model/users.repository.js';

/** Inserts users. */
@Injectable()
export class UserInsertion {
  constructor(
    private readonly repository: UsersRepository,
    private readonly escalation: EscalationPolicy,
    private readonly roles: RolesService,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Inserts users with one audit entry. Returns `false` if a name is taken or looks like another one.
   *
   * @param actor absent = the server itself.
   */
  async insert(
    users: readonly UserWithRoles[],
    entry: Pick<AuditRecord, 'subject' | 'about' | 'after'>,
    actor?: Principal,
  ): Promise<boolean> {
    try {
      await this.writes.transaction(async (tx) => {
        if (actor) {
          const roles = [...new Set(users.flatMap((user) => user.roles))];
          await this.roles.checkGrantable(roles, await this.escalation.lockAndRefresh(actor, tx), tx);
        }
        await this.repository.insert(users, tx);
        await this.audit.record({ action: 'user_created', actor: actor ?? SERVER_ACTOR, ...entry }, tx);
      }, 'none');
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }
}

/** Creates users. */
@Injectable()
export class UserCreationService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly insertion: UserInsertion,
    private readonly roles: RolesService,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly responsible: ResponsiblePersons,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a user.
   *
   * @throws ApplicationError `validation_failed`, `above_your_permissions` or `name_taken`.
   */
  async create(dto: CreateUserDto, actor: Principal): Promise<UserWithRoles> {
    const roles = dto.roles ?? DEFAULT_ROLES;
    // Check before the expensive hash. The transaction checks again.
    await this.roles.checkGrantable(roles, actor);
    await this.responsible.check(dto.kind, storeResponsible(dto.responsible));
    const user = newUser(dto, await this.hashOf(dto), this.clock.now());
    const created = { user, roles: [...roles].sort() };
    if (!(await this.insertion.insert([{ user, roles }], auditEntry(created), actor))) {
      throw (await this.repository.findByName(user.name)) ? nameTaken(user.name) : nameConfusable(user.name);
    }
    return created;
  }

  /**
   * Creates the first administrator, with the server as the actor.
   *
   * @returns `null` if the name is taken, so that exactly one of several replicas creates the user.
   */
  async createFirst(name: string, password: string | undefined): Promise<User | null> {
    const user = newUser({ name }, await this.hashOf({ name, password }), this.clock.now());
    const created = { user, roles: [ADMINISTRATOR_ROLE] };
    return (await this.insertion.insert([created], auditEntry(created))) ? user : null;
  }

  private async hashOf(dto: CreateUserDto): Promise<string | null> {
    if (dto.password === undefined) {
      return null;
    }
    rejectServicePassword(dto, '/password');
    this.policy.check(dto.password, dto);
    return this.passwords.hash(dto.password);
  }
}

function auditEntry({ user: { id, name, kind, enabled }, roles }: UserWithRoles) {
  return { subject: { kind: 'user', id, name }, after: { kind, enabled, roles } } as const;
}

/** The error does not name the other user, because the caller may lack the permission to list users. */
function nameConfusable(name: string): ApplicationError {
  const message = `the name ${name} looks like the name of another user`;
  const detail = `The name ${name} looks like the name of another user. Choose one that cannot be mistaken for it.`;
  return errorAt('/name', 'name_confusable', message, 'name_taken', detail);
}

function nameTaken(name: string): ApplicationError {
  const detail = `A user named ${name} already exists.`;
  return errorAt('/name', 'name_taken', `the name ${name} is in use`, 'name_taken', detail);
}
