import { type UpdateUserDto } from '@latchkey/auth-models';
import { type UserWithRoles } from './user-with-roles.js';

/** What an edit can change of a user; `null` = there is none. */
export interface EditableFacts {
  displayName?: string | null;
  email?: string | null;
  enabled?: boolean;
  roles?: readonly string[];
}

/** What an edit changes, and nothing that stays as it is. */
export interface UserEdit {
  readonly before: EditableFacts;
  readonly after: EditableFacts;
}

/** What a merge patch changes of a user; `undefined` if nothing. */
export function userEdit({ user, roles }: UserWithRoles, patch: UpdateUserDto): UserEdit | undefined {
  const present = { displayName: user.displayName, email: user.email, enabled: user.enabled, roles };
  const wished: EditableFacts = { ...patch, ...(patch.roles && { roles: [...patch.roles].sort() }) };
  const changed = (Object.keys(present) as (keyof EditableFacts)[]).filter(
    (name) => wished[name] !== undefined && JSON.stringify(wished[name]) !== JSON.stringify(present[name]),
  );
  return changed.length === 0 ? undefined : { before: pick(present, changed), after: pick(wished, changed) };
}

function pick(facts: EditableFacts, names: readonly (keyof EditableFacts)[]): EditableFacts {
  return Object.fromEntries(names.map((name) => [name, facts[name]]));
}
