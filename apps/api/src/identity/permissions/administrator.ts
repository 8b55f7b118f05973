import { ADMINISTRATOR_ROLE } from './grants-above.js';
import { type UserWithRoles } from '../users/model/user-with-roles.js';

/**
 * Whether an administrator is one no longer after a change. An administrator is an enabled human who holds the role.
 *
 * @param after the user after it; `undefined` = gone.
 */
export function leavesAdministrators(before: UserWithRoles, after: UserWithRoles | undefined): boolean {
  return isAdministrator(before) && !(after && isAdministrator(after));
}

function isAdministrator({ user, roles }: UserWithRoles): boolean {
  return user.kind === 'human' && user.enabled && roles.includes(ADMINISTRATOR_ROLE);
}

/**
 * The administrators there are, and those of them who can sign in. Somebody must always be left of both: whoever has only
 * tokens, or has not used a set-up link yet, cannot undo what the others did.
 */
export class Administrators {
  private readonly all: Set<string>;
  private readonly canSignIn: Set<string>;

  constructor(rows: readonly { id: string; canSignIn: boolean }[]) {
    this.all = new Set(rows.map(({ id }) => id));
    this.canSignIn = new Set(rows.filter(({ canSignIn }) => canSignIn).map(({ id }) => id));
  }

  /** Whether this is the last administrator, or the last who can sign in. */
  isLast(id: string): boolean {
    return [this.all, this.canSignIn].some((ids) => ids.size === 1 && ids.has(id));
  }

  remove(id: string): void {
    this.all.delete(id);
    this.canSignIn.delete(id);
  }
}
