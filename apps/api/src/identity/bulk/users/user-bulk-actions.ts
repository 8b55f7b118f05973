import { Injectable } from '@nestjs/common';
import {
  ROLES_PER_USER_MAX,
  type AuditAction,
  type ErrorCode,
  type UserBulkRequestDto,
} from '@latchkey/auth-models';
import { Clock } from '../../../common/clock.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { type UserWithRoles } from '../../users/model/user-with-roles.js';
import { User } from '../../users/model/user.entity.js';
import { UsersRepository } from '../../users/model/users.repository.js';
import { UserDeletion, type DeletionStart } from '../../users/user-deletion.js';

/** What a bulk request does to each user, and to all of a transaction at once. */
export interface UserBulkChange {
  readonly auditAction: AuditAction;
  /** What the same change of one user is answered with. */
  readonly status: 200 | 204;
  /** Whether only those may do it who hold all that the user holds. */
  readonly checksEscalation: boolean;
  /** The user afterwards: the very same if nothing changes, `undefined` if they are gone, a code if it cannot be. */
  after(before: UserWithRoles): UserWithRoles | undefined | ErrorCode;
  /** What of a user it changes, as the audit trail tells it; absent if it changes nothing of them. */
  readonly told?: (before: UserWithRoles) => object;
  /** Does it to users that it changes; who is deleted may be only shut out yet, see {@link UserDeletion}. */
  apply(users: readonly User[], actor: Principal, tx: WriteTransaction): Promise<DeletionStart>;
}

/** The actions of bulk requests on users. */
@Injectable()
export class UserBulkActions {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly deletion: UserDeletion,
    private readonly clock: Clock,
  ) {}

  of({ action, role = '', keepDescendants }: UserBulkRequestDto): UserBulkChange {
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
          told: ({ user: { kind, enabled }, roles }) => ({ kind, enabled, roles }),
          apply: (users, actor, tx) => this.deletion.begin(users, { keepDescendants }, actor, tx),
        };
      case 'revokeTokens':
        return {
          auditAction: 'authn_token_revoked',
          status: 204,
          checksEscalation: false,
          // Another object: there may be a token that ends.
          after: (before) => ({ ...before }),
          apply: (users, _, tx) => done(this.users.endTokens(idsOf(users), this.clock.now(), tx)),
        };
    }
  }

  private setEnabled(enabled: boolean): UserBulkChange {
    return {
      ...EDIT,
      after: (before) =>
        before.user.enabled === enabled
          ? before
          : { ...before, user: Object.assign(new User(), before.user, { enabled }) },
      told: ({ user }) => ({ enabled: user.enabled }),
      apply: (users, _, tx) => done(this.users.editAll(idsOf(users), { enabled }, tx)),
    };
  }

  private addRole(role: string): UserBulkChange {
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
      told: ({ roles }) => ({ roles }),
      apply: async (users, _, tx) => {
        await this.userRoles.add(idsOf(users), [role], tx);
        return done(this.users.editAll(idsOf(users), {}, tx));
      },
    };
  }

  private removeRole(role: string): UserBulkChange {
    return {
      ...EDIT,
      after: (before) =>
        before.roles.includes(role)
          ? { ...before, roles: before.roles.filter((held) => held !== role) }
          : before,
      told: ({ roles }) => ({ roles }),
      apply: async (users, _, tx) => {
        await this.userRoles.remove(idsOf(users), [role], tx);
        return done(this.users.editAll(idsOf(users), {}, tx));
      },
    };
  }
}

/** What is true of every change that leaves the users there. */
const EDIT = { auditAction: 'user_updated', status: 200, checksEscalation: true } as const;

const NOBODY: DeletionStart = { shutOut: new Set(), affected: [] };

async function done(change: Promise<void>): Promise<DeletionStart> {
  await change;
  return NOBODY;
}

function idsOf(users: readonly User[]): string[] {
  return users.map(({ id }) => id);
}
