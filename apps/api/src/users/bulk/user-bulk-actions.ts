import {
  ROLES_PER_USER_MAX,
  type AuditAction,
  type ErrorCode,
  type UserBulkRequestDto,
} from '@latchkey/auth-models';
import { User, type UserWithRoles } from '../model/user.entity.js';

/** Bulk action on users. */
export interface UserBulkAction {
  readonly auditAction: AuditAction;
  /** Status of the same change to one user alone. */
  readonly status: 200 | 204;
  /** Whether the actor must hold everything that the user holds. */
  readonly checksEscalation: boolean;
  /**
   * Returns the changed user: the same object if nothing changes, `undefined` if deleted, or the code of a
   * rejection.
   */
  after(before: UserWithRoles): UserWithRoles | undefined | ErrorCode;
  /** Returns the members of a user that the action changes, for the audit trail. */
  readonly auditedState?: (before: UserWithRoles) => object;
}

/** Members of every action that keeps the users. */
const EDIT = { auditAction: 'user_updated', status: 200, checksEscalation: true } as const;

export function userBulkAction({ action, role = '' }: UserBulkRequestDto): UserBulkAction {
  switch (action) {
    case 'enable':
      return setEnabled(true);
    case 'disable':
      return setEnabled(false);
    case 'addRole':
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
      };
    case 'removeRole':
      return {
        ...EDIT,
        after: (before) =>
          before.roles.includes(role)
            ? { ...before, roles: before.roles.filter((held) => held !== role) }
            : before,
        auditedState: ({ roles }) => ({ roles }),
      };
    case 'delete':
      return {
        auditAction: 'user_deleted',
        status: 204,
        checksEscalation: true,
        after: () => undefined,
        auditedState: ({ user: { kind, enabled }, roles }) => ({ kind, enabled, roles }),
      };
    case 'revokeTokens':
      return {
        auditAction: 'authn_token_revoked',
        status: 204,
        checksEscalation: false,
        // Another object, because the user may have live tokens.
        after: (before) => ({ ...before }),
      };
  }
}

function setEnabled(enabled: boolean): UserBulkAction {
  return {
    ...EDIT,
    after: (before) =>
      before.user.enabled === enabled
        ? before
        : { ...before, user: Object.assign(new User(), before.user, { enabled }) },
    auditedState: ({ user }) => ({ enabled: user.enabled }),
  };
}
