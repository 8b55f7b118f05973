import { counting } from '../counting';

const count = counting('en');
const tokens = (total: number) => count(total, 'token', 'tokens');

export const apis = {
  lead: 'APIs of Latchkey and of your services. Roles grant their permissions, and tokens can be limited to them.',
  onlyBuiltIn:
    'No API is registered yet. Register the API of your service with its permissions. Then grant them with roles.',
  search: 'Search name, description or permission',
  count: (total: number) => count(total, 'API', 'APIs'),
  empty: { heading: 'No APIs', text: 'Register the API of your service.' },
  columns: {
    name: 'API',
    permissions: 'Permissions',
    isBuiltIn: 'Kind',
    tokenCount: 'Limited tokens',
    creationTime: 'Created',
  },
  sorts: {
    isBuiltIn: 'Your APIs first',
    '-isBuiltIn': 'Built-in first',
    name: 'Name, A to Z',
    '-name': 'Name, Z to A',
    description: 'Description, A to Z',
    '-tokenCount': 'Most tokens first',
    '-creationTime': 'Newest first',
  },
  kinds: { true: 'Part of Latchkey', false: 'Your API' },
  noPermissions: 'No permissions',
  more: (hidden: number) => `+${hidden}`,
  tokens,
  noTokens: 'none',
  page: {
    back: 'All APIs',
    noDescription: 'No description.',
    edit: 'Edit',
    delete: 'Delete',
    limitedTokens: (total: number) =>
      total === 0
        ? 'No token is limited to its permissions'
        : `${count(total, 'token is', 'tokens are')} limited to its permissions`,
    permissions: 'Permissions',
    permissionsLead: 'Roles grant them to users. Tokens can be limited to them.',
    unused: 'Not in use',
    grantedBy: 'Granted by',
    otherRoles: (hidden: number) => count(hidden, 'other role', 'other roles'),
    limited: (total: number) => `${count(total, 'token', 'tokens')} limited to it`,
    raw: 'Raw JSON',
    save: 'Save changes',
    saved: (name: string) => `${name} saved`,
    deleted: (name: string) => `${name} deleted`,
  },
  readOnly: {
    builtIn: 'This API is part of Latchkey. It cannot be changed or deleted.',
    noWrite: 'You need the permission apis:write to change APIs.',
  },
  protect: {
    heading: 'Protect your API',
    text: 'Configure your gateway or service to send each token to this address. Latchkey returns 200 if the token has the permission, and otherwise 403 or 401.',
    permission: 'Required permission',
    copy: 'Copy address',
    repeat: 'Repeat permission= to require several. Latchkey rejects unknown parameters with 403.',
    docs: 'API documentation',
  },
  form: {
    lead: 'Register a service behind Latchkey with the permissions that it checks.',
    name: 'Name',
    nameHint: 'Lower-case letters, digits and hyphens, such as orders. You cannot change it later.',
    description: 'Description',
    descriptionHint: 'The purpose of the API, in one sentence.',
    permissions: 'Permissions',
    permissionsHint: 'Describe what each permission allows, so that others can grant it.',
    none: 'No permissions yet.',
    permission: 'Permission',
    sentence: 'Allowed actions',
    of: (label: string, permission: string) => `${label}: ${permission}`,
    add: 'Add permission',
    remove: (permission: string) => `Remove ${permission}`,
    removeNew: 'Remove the new permission',
    action: 'Create API',
    sending: 'Creating…',
    created: (name: string) => `${name} created`,
  },
  inUse: {
    removal: (permissions: number) =>
      permissions === 1 ? 'Remove a permission in use?' : `Remove ${permissions} permissions in use?`,
    deletion: (name: string) => `Delete ${name} and its permissions?`,
    roles: (permission: string, roles: string) => `${permission} is granted by ${roles}.`,
    tokens: (permission: string, total: number) =>
      `${count(total, 'token is', 'tokens are')} limited to ${permission}.`,
    both: (permission: string, roles: string, total: number) =>
      `${permission} is granted by ${roles}, and ${count(total, 'token is', 'tokens are')} limited to it.`,
    roleCount: (total: number) => count(total, 'role', 'roles'),
    others: (total: number) => `${count(total, 'other permission is', 'other permissions are')} in use too.`,
    effect:
      'These roles and tokens lose the removed permissions immediately. Latchkey then rejects requests that require them. This cannot be undone.',
    action: 'Remove from all roles and tokens',
  },
};
