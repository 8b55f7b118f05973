import { Injectable } from '@nestjs/common';
import { canonicalName, type CreateUserDto } from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { AuditService } from '../audit/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.js';
import { type Principal } from '../common/principal.js';
import { Passwords } from '../crypto/passwords.js';
import { isUniqueViolation } from '../database/driver-errors.js';
import { Writes } from '../database/writes.js';
import { RolesService } from '../roles/roles.service.js';
import { PasswordPolicy } from './password-policy.js';
import { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

const DEFAULT_ROLES = ['user'];

/** A user who was just made. */
export interface CreatedUser {
  user: User;
  roles: string[];
}

/** Makes users. */
@Injectable()
export class UsersService {
  constructor(
    private readonly repository: UsersRepository,
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
  async create(wish: CreateUserDto, actor: Principal): Promise<CreatedUser> {
    const roles = [...(wish.roles ?? DEFAULT_ROLES)].sort();
    await this.roles.checkGrantable(roles, actor);
    const user = newUser(wish, await this.hashOf(wish), this.clock.now());

    try {
      await this.writes.transaction(async (tx) => {
        await this.repository.insert(user, roles, tx);
        await this.audit.record(
          {
            action: 'user_created',
            actor,
            subject: { kind: 'user', id: user.id, name: user.name },
            origin: actor.origin,
            after: { kind: user.kind, enabled: user.enabled, roles },
          },
          tx,
        );
      });
    } catch (error) {
      throw isUniqueViolation(error) ? nameTaken(user.name) : error;
    }
    return { user, roles };
  }

  private async hashOf({ password, kind }: CreateUserDto): Promise<string | null> {
    if (password === undefined) {
      return null;
    }
    if (kind === 'service') {
      const message = 'a service has no password; give it a token';
      throw new ApplicationError('validation_failed', {
        errors: [{ pointer: '/password', code: 'service_password', message }],
      });
    }
    this.policy.check(password);
    return this.passwords.hash(password);
  }
}

/** A user as it is first stored. */
export function newUser(wish: CreateUserDto, passwordHash: string | null, now: number): User {
  const name = canonicalName(wish.name);
  if (name === null) {
    throw new Error('The name was not validated');
  }
  return Object.assign(new User(), {
    id: uuid(),
    name,
    displayName: wish.displayName ?? null,
    email: wish.email ?? null,
    kind: wish.kind ?? 'human',
    enabled: wish.enabled ?? true,
    passwordHash,
    tokensEndedBefore: 0,
    creationTime: now,
    lastLoginTime: null,
    setUpDigest: null,
    setUpExpirationTime: null,
    version: 0,
  });
}

function nameTaken(name: string): ApplicationError {
  return new ApplicationError('name_taken', {
    detail: `There is a user ${name} already.`,
    errors: [{ pointer: '/name', code: 'name_taken', message: `the name ${name} is in use` }],
  });
}
