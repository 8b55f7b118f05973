import { type UpdateUserDto } from '@latchkey/auth-models';
import { changedMembers, type ChangedMembers } from '../../audit/trail/audit.service.js';
import { type UserWithRoles } from './model/user-with-roles.js';

/** Editable members of a user; `null` = absent. */
export interface EditableMembers {
  displayName?: string | null;
  email?: string | null;
  enabled?: boolean;
  roles?: readonly string[];
}

/** Members that an edit changes. */
export type UserEdit = ChangedMembers<EditableMembers>;

/** Returns the members that a merge patch changes, or `undefined` if there are none. */
export function userEdit({ user, roles }: UserWithRoles, patch: UpdateUserDto): UserEdit | undefined {
  const present = { displayName: user.displayName, email: user.email, enabled: user.enabled, roles };
  return changedMembers<EditableMembers>(present, {
    ...patch,
    ...(patch.roles && { roles: [...patch.roles].sort() }),
  });
}
