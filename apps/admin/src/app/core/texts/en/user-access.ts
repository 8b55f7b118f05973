/** Roles of a user and their permissions. */
export const userAccess = {
  roles: 'Roles',
  add: 'Add a role',
  remove: (role: string) => `Remove the role ${role}`,
  above: (permissions: string) => `You cannot assign this role because you do not hold ${permissions}.`,
  locked: (role: string, permissions: string) =>
    `You cannot remove ${role} because you do not hold ${permissions}.`,
  permits: (permissions: string) => `Grants ${permissions}.`,
  permitsNothing: 'Grants no permissions in Latchkey. Services can read it as a label.',
  unseen: 'You cannot see the permissions of this role.',
  lead: 'A user has the permissions of all their roles.',
  gives: (permissions: string) => `Adds ${permissions}.`,
  takes: (permissions: string) => `Removes ${permissions}.`,
  sameAsBefore: 'The permissions stay the same.',
  save: 'Save roles',
  saved: (name: string) => `Roles of ${name} saved.`,
  ownQuestion: {
    heading: 'Remove your own permissions?',
    text: (permissions: string) => `You lose ${permissions}.`,
    after: 'Only a user who holds them can give them back to you.',
    action: 'Remove',
  },
  effective: 'Effective permissions',
  effectiveNone: 'None. The user can only manage their own account and tokens.',
  effectiveUnseen: 'You cannot see the permissions of roles.',
  throughRoles: (roles: string) => `from ${roles}`,
};
