import { type UpdateUserDto } from '@latchkey/auth-models';
import { changedMembers, type ChangedMembers } from '../../audit/trail/changed-members.js';
import { type UserWithRoles } from './model/user-with-roles.js';

/** What an edit can change of a user; `null` = there is none. */
export interface EditableFacts {
  displayName?: string | null;
  email?: string | null;
  enabled?: boolean;
  roles?: readonly string[];
}

/** The members that an edit changes. */
export type UserEdit = ChangedMembers<EditableFacts>;

/** What a merge patch changes of a user; `undefined` if nothing. */
export function userEdit({ user, roles }: UserWithRoles, patch: UpdateUserDto): UserEdit | undefined {
  const present = { displayName: user.displayName, email: user.email, enabled: user.enabled, roles };
  return changedMembers<EditableFacts>(present, {
    ...patch,
    ...(patch.roles && { roles: [...patch.roles].sort() }),
  });
}
