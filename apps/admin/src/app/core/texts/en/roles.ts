import { counting } from '../counting';

const count = counting('en');

export const roles = {
  lead: 'Named sets of permissions for users and services.',
  search: 'Search name or description',
  count: (total: number) => count(total, 'role', 'roles'),
  empty: { heading: 'No roles', text: 'Create a role and assign it to users.' },
  columns: {
    name: 'Role',
    permissions: 'Permissions',
    isBuiltIn: 'Kind',
    userCount: 'Assigned to',
    creationTime: 'Created',
  },
  sorts: {
    name: 'Name, A to Z',
    '-name': 'Name, Z to A',
    description: 'Description, A to Z',
    '-isBuiltIn': 'Built-in first',
    isBuiltIn: 'Custom first',
    '-userCount': 'Most users first',
    '-creationTime': 'Newest first',
  },
  kinds: { true: 'Built-in', false: 'Custom' },
  allPermissions: 'All permissions',
  page: {
    back: 'All roles',
    copy: 'Duplicate role',
    saved: (name: string) => `${name} saved. The change takes effect with each user’s next request.`,
    unsaved: 'Unsaved changes',
    inUse: (name: string, users: number) =>
      `${count(users, 'user has', 'users have')} the role ${name}. Remove it from all users before you delete it.`,
    showHolders: 'Show users',
  },
  readOnly: {
    builtIn: 'This role is built in. It cannot be changed or deleted.',
    noWrite: 'You need the permission roles:write to change roles.',
    above: (permissions: string) =>
      `You cannot change this role because you do not hold ${permissions} yourself.`,
  },
  form: {
    requiresSecondFactor: 'Users with this role need a second factor',
    lead: 'Select the permissions that users with this role get. Without any, the role is a label for services.',
    nameHint: 'Lower-case letters, digits and hyphens. Services see the name. You cannot change it later.',
    descriptionHint: 'The purpose of the role, in one sentence.',
    action: 'Create role',
  },
  summary: {
    heading: 'What this role allows',
    permissions: 'In addition to managing their own account and tokens, users with this role can:',
    at: (api: string) => `In the API ${api}, they can:`,
    noPermissions:
      'This role grants no permissions. It is a label: services behind Latchkey see it in X-Auth-Roles and decide what it means.',
    warnings: {
      administrator: 'Grants every permission. Users with this role are administrators.',
      everything:
        'Grants every current permission. Users with this role are administrators, but do not get permissions that feature modules add later. Only the role admin gets those.',
      password:
        'Users with this role can act as any user with the same or fewer permissions, by setting a new password.',
      token:
        'Users with this role can act as any user with the same or fewer permissions, by creating a token for them.',
      passwordOrToken:
        'Users with this role can act as any user with the same or fewer permissions, by setting a new password or creating a token for them.',
      roles: 'Users with this role can give permissions that they hold to others, or remove them.',
    },
    unseen: (resource: string) =>
      `Without ${resource}:read, users with this role can change ${resource} but not see them, not even in the console.`,
  },
};
