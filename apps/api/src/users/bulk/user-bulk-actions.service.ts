import { Injectable } from '@nestjs/common';
import {
  ROLES_PER_USER_MAX,
  type AuditAction,
  type ErrorCode,
  type UserBulkRequestDto,
} from '@latchkey/auth-models';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { UserRolesRepository } from '../model/user-roles.repository.js';
import { User, type UserWithRoles } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { UserDeletion, type DeletionStart } from '../user-deletion.service.js';

/** Strategy of one bulk action on users. */
export interface UserBulkStrategy {
  readonly auditAction: AuditAction;
  /** Status of the same change to one user alone. */
  readonly status: 200 | 204;
  /** Whether the actor must hold everything that the user holds. */
  readonly checksEscalation: boolean;
  /** Returns the changed user: the same object if nothing changes, `undefined` if deleted, or the code of a rejection. */
  after(before: UserWithRoles): UserWithRoles | undefined | ErrorCode;
  /** Returns the members of a user that the action changes, for the audit trail. */
  readonly auditedState?: (before: UserWithRoles) => object;
  /** Changes the users. A deletion only suspends users with very many tokens: see {@link UserDeletion}. */
  apply(users: readonly User[], actor: Principal, tx: WriteTransaction): Promise<DeletionStart>;
}

/** Strategies of the bulk actions on users. */
@Injectable()
export class UserBulkActions {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly deletion: UserDeletion,
    private readonly clock: Clock,
  ) {}

  of({ action, role = '', keepDescendants }: UserBulkRequestDto): UserBulkStrategy {
    switch (action) {
      case 'enable':
        return this.setEnabled(true);
      case 'disable':
        return this.setEnabled(false);
      case 'addRole':
        return this.addRole(role);
      case 'removeRole':
        return this.removeRole(role);
      case 'delete':
        return {
          auditAction: 'user_deleted',
          status: 204,
          checksEscalation: true,
          after: () => undefined,
          auditedState: ({ user: { kind, enabled }, roles }) => ({ kind, enabled, roles }),
          apply: (users, actor, tx) => this.deletion.begin(users, { keepDescendants }, actor, tx),
        };
      case 'revokeTokens':
        return {
          auditAction: 'authn_token_revoked',
          status: 204,
          checksEscalation: false,
          // Another object, because the user may have live tokens.
          after: (before) => ({ ...before }),
          apply: (users, _, tx) => done(this.users.revokeTokens(idsOf(users), this.clock.now(), tx)),
        };
    }
  }

  private setEnabled(enabled: boolean): UserBulkStrategy {
    return {
      ...EDIT,
      after: (before) =>
        before.user.enabled === enabled
          ? before
          : { ...before, user: Object.assign(new User(), before.user, { enabled }) },
      auditedState: ({ user }) => ({ enabled: user.enabled }),
      apply: (users, _, tx) => done(this.users.editAll(idsOf(users), { enabled }, tx)),
    };
  }

  private addRole(role: string): UserBulkStrategy {
    return {
      ...EDIT,
      after: (before) => {
        if (before.roles.includes(role)) {
          return before;
        }
        return before.roles.length < ROLES_PER_USER_MAX
          ? { ...before, roles: [...before.roles, role] }
          : 'validation_failed';
      },
      auditedState: ({ roles }) => ({ roles }),
      apply: async (users, _, tx) => {
        await this.userRoles.add(idsOf(users), [role], tx);
        return done(this.users.editAll(idsOf(users), {}, tx));
      },
    };
  }

  private removeRole(role: string): UserBulkStrategy {
    return {
      ...EDIT,
      after: (before) =>
        before.roles.includes(role)
          ? { ...before, roles: before.roles.filter((held) => held !== role) }
          : before,
      auditedState: ({ roles }) => ({ roles }),
      apply: async (users, _, tx) => {
        await this.userRoles.remove(idsOf(users), [role], tx);
        return done(this.users.editAll(idsOf(users), {}, tx));
      },
    };
  }
}

/** Members of every action that keeps the users. */
const EDIT = { auditAction: 'user_updated', status: 200, checksEscalation: true } as const;

const NO_DELETION: DeletionStart = { suspended: new Set(), affected: [] };

async function done(change: Promise<void>): Promise<DeletionStart> {
  await change;
  return NO_DELETION;
}

function idsOf(users: readonly User[]): string[] {
  return users.map(({ id }) => id);
}
