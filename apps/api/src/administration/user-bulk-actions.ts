import { Injectable } from '@nestjs/common';
import {
  ROLES_PER_USER_MAX,
  type AuditAction,
  type ErrorCode,
  type UserBulkDto,
} from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { type WriteTransaction } from '../database/writes.js';
import { UserRolesRepository } from '../users/user-roles.repository.js';
import { type UserWithRoles } from '../users/user-with-roles.js';
import { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { UserDeletion } from './user-deletion.js';

/** What a bulk request does to each user, and to all of a transaction at once. */
export interface UserBulkChange {
  readonly auditAction: AuditAction;
  /** What the same change of one user is answered with. */
  readonly status: 200 | 204;
  /** Whether only those may do it who hold all that the user holds. */
  readonly isUnderCeiling: boolean;
  /** The user afterwards: the very same if nothing changes, `undefined` if they are gone, a code if it cannot be. */
  after(before: UserWithRoles): UserWithRoles | undefined | ErrorCode;
  /** Does it to users that it changes, and returns those who are to be finished; see {@link UserDeletion}. */
  apply(ids: readonly string[], tx: WriteTransaction): Promise<string[]>;
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

  of({ action, role = '' }: UserBulkDto): UserBulkChange {
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
          isUnderCeiling: true,
          after: () => undefined,
          apply: (ids, tx) => this.deletion.begin(ids, tx),
        };
      case 'revokeTokens':
        return {
          auditAction: 'authn_token_revoked',
          status: 204,
          isUnderCeiling: false,
          // Another object: there may be a token that ends.
          after: (before) => ({ ...before }),
          apply: (ids, tx) => nothingLeft(this.users.endTokens(ids, this.clock.now(), tx)),
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
      apply: (ids, tx) => nothingLeft(this.users.editAll(ids, { enabled }, tx)),
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
      apply: async (ids, tx) => {
        await this.userRoles.add(ids, [role], tx);
        return nothingLeft(this.users.editAll(ids, {}, tx));
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
      apply: async (ids, tx) => {
        await this.userRoles.remove(ids, [role], tx);
        return nothingLeft(this.users.editAll(ids, {}, tx));
      },
    };
  }
}

/** What is true of every change that leaves the users there. */
const EDIT = { auditAction: 'user_updated', status: 200, isUnderCeiling: true } as const;

async function nothingLeft(done: Promise<void>): Promise<string[]> {
  await done;
  return [];
}
