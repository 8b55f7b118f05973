import { ApplicationError } from '../common/application-error.js';
import { ADMINISTRATOR_ROLE } from '../permissions/grants.service.js';
import { type User, type UserWithRoles } from './model/user.entity.js';

/**
 * Whether a change removes an administrator: an enabled human who holds the role.
 *
 * @param after changed user; `undefined` if deleted.
 */
export function leavesAdministrators(before: UserWithRoles, after: UserWithRoles | undefined): boolean {
  return isAdministrator(before) && !(after && isAdministrator(after));
}

function isAdministrator({ user, roles }: UserWithRoles): boolean {
  return user.kind === 'human' && user.enabled && roles.includes(ADMINISTRATOR_ROLE);
}

/**
 * All administrators, and those who can sign in. One of each must remain: a user who has only tokens, or has
 * not used the set-up link yet, cannot undo a mistake of the others.
 */
export class Administrators {
  private readonly all: Set<string>;
  private readonly canSignIn: Set<string>;

  constructor(rows: readonly { id: string; canSignIn: boolean }[]) {
    this.all = new Set(rows.map(({ id }) => id));
    this.canSignIn = new Set(rows.filter(({ canSignIn }) => canSignIn).map(({ id }) => id));
  }

  /** Whether a user is the last administrator, or the last who can sign in. */
  isLast(id: string): boolean {
    return [this.all, this.canSignIn].some((ids) => ids.size === 1 && ids.has(id));
  }

  /**
   * @throws ApplicationError `last_administrator` if the user is the last administrator, or the last who
   *   can sign in.
   */
  checkNotLast({ id, name }: User): void {
    if (this.isLast(id)) {
      throw new ApplicationError('last_administrator', {
        detail: `${name} is the last administrator who can sign in. Grant the role ${ADMINISTRATOR_ROLE} to a user who has a password first.`,
      });
    }
  }

  remove(id: string): void {
    this.all.delete(id);
    this.canSignIn.delete(id);
  }
}
