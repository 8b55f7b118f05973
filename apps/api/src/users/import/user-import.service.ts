import { Injectable } from '@nestjs/common';
import { canonicalUserName, type ProblemErrorDto } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { skeletonOf } from '../../common/confusables/skeleton.js';
import { type Principal } from '../../common/request/principal.js';
import { isUniqueViolation } from '../../platform/database/driver-errors.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { RolesService } from '../../permissions/roles/roles.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type ImportedUser } from './imported-user.js';
import { DEFAULT_ROLES, newUser, type UserWithRoles } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';

/** Imports users from another system in batches. Each batch is created completely or not at all. */
@Injectable()
export class UserImportService {
  constructor(
    private readonly users: UsersRepository,
    private readonly roles: RolesService,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /** Returns the canonical names of these users that are already taken. */
  async findTaken(users: readonly Partial<ImportedUser>[]): Promise<Set<string>> {
    const names = users.flatMap(({ name = '' }) => canonicalUserName(name) ?? []);
    return new Set((await this.users.findIdsByNames(names)).keys());
  }

  /**
   * Returns the problems of each user, in their order. Taken names are not included: see `findTaken`. Messages
   * contain the names of other users only if the actor may list users.
   */
  async findProblems(
    users: readonly Partial<ImportedUser>[],
    actor: Principal,
  ): Promise<ProblemErrorDto[][]> {
    const known = await this.roles.findKnown([...new Set(users.flatMap(rolesOf))]);
    const names = users.map(({ name = '' }) => canonicalUserName(name) ?? '');
    const lookAlikes = await this.users.findNamesBySkeletons(names.map(skeletonOf));
    const isNaming = actor.permissions.has('users:read');
    return users.map((user, index) => [
      ...confusableName(names[index] ?? '', lookAlikes, isNaming),
      ...unknownRoles(user, known),
      ...servicePassword(user),
    ]);
  }

  /**
   * Checks that the actor may grant the roles of these users.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  checkGrants(users: readonly ImportedUser[], actor: Principal): Promise<void> {
    return this.roles.checkGrantable([...new Set(users.flatMap(rolesOf))], actor);
  }

  /**
   * Creates users without problems, in one transaction and with one audit entry.
   *
   * @throws ApplicationError `conflict` if one of the names is taken, `validation_failed` or `above_your_permissions`.
   */
  async insert(dtos: readonly ImportedUser[], actor: Principal): Promise<void> {
    const now = this.clock.now();
    const users = dtos.map((dto) => ({
      user: newUser(dto, dto.passwordHash ?? null, now),
      roles: [...rolesOf(dto)].sort(),
    }));
    try {
      await this.writes.transaction((tx) => this.insertAudited(users, actor, tx), 'none');
    } catch (error) {
      if (isUniqueViolation(error)) {
        const detail =
          'In the meantime, a user was created whose name equals or looks like the name of one of these users.';
        throw new ApplicationError('conflict', { detail, cause: error });
      }
      throw error;
    }
  }

  private async insertAudited(
    users: readonly UserWithRoles[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const refreshed = await this.escalation.lockAndRefresh(actor, tx);
    await this.roles.checkGrantable([...new Set(users.flatMap(({ roles }) => roles))], refreshed, tx);
    await this.users.insert(users, tx);
    await this.audit.record(
      {
        action: 'user_created',
        actor,
        subject: { kind: 'user', id: null, name: 'bulk' },
        about: users.map(({ user: { id, name } }) => ({ id, name })),
        after: {
          action: 'import',
          users: users.map(({ user: { id, name, kind, enabled }, roles }) => ({
            id,
            name,
            kind,
            enabled,
            roles,
          })),
        },
      },
      tx,
    );
  }
}

function rolesOf({ roles }: Partial<ImportedUser>): readonly string[] {
  return roles ?? DEFAULT_ROLES;
}

/** @param lookAlikes names of users by skeleton. */
function confusableName(
  name: string,
  lookAlikes: ReadonlyMap<string, string>,
  isNaming: boolean,
): ProblemErrorDto[] {
  const other = lookAlikes.get(skeletonOf(name)) ?? name;
  return other === name
    ? []
    : [
        {
          pointer: '/name',
          code: 'name_confusable',
          message: `the name ${name} looks like the name of ${isNaming ? `the user ${other}` : 'another user'}`,
        },
      ];
}

function unknownRoles(user: Partial<ImportedUser>, known: ReadonlySet<string>): ProblemErrorDto[] {
  return rolesOf(user)
    .filter((role) => !known.has(role))
    .map((role) => ({ pointer: '/roles', code: 'unknown_role', message: `there is no role ${role}` }));
}

function servicePassword({ kind, passwordHash }: Partial<ImportedUser>): ProblemErrorDto[] {
  const message = 'a service cannot have a password; create a token for it';
  return kind === 'service' && passwordHash !== undefined
    ? [{ pointer: '/passwordHash', code: 'service_password', message }]
    : [];
}
