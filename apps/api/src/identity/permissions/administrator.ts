import { ADMINISTRATOR_ROLE } from './grants-above.js';
import { type UserWithRoles } from '../users/model/user-with-roles.js';

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
 * All administrators, and those who can sign in. One of each must remain: a user who has only tokens, or has not used the set-up
 * link yet, cannot undo a mistake of the others.
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

  remove(id: string): void {
    this.all.delete(id);
    this.canSignIn.delete(id);
  }
}
