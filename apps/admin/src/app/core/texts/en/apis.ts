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
  tokens,
  page: {
    back: 'All APIs',
    limitedTokens: (total: number) => `${count(total, 'token is', 'tokens are')} limited to its permissions`,
    permissionsLead: 'Roles grant them to users. Tokens can be limited to them.',
    unused: 'Not in use',
    grantedBy: 'Granted by',
    otherRoles: (hidden: number) => count(hidden, 'other role', 'other roles'),
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
    open: 'Set up a gateway or framework',
    lead: 'Choose what checks the tokens before requests reach your API. The configuration is tested, and rejects all requests while Latchkey is unavailable.',
    noPermissions: 'This API has no permissions yet. Add a permission first.',
    guard: '1. Gateway or framework',
    guardLabel: 'Gateway or framework',
    untested: '(not tested)',
    frameworkHint: 'The file is an example. Set the permission of each of your routes.',
    values: '2. Permissions and addresses',
    read: 'Permission to read (GET and HEAD)',
    write: 'Permission for all other methods',
    path: 'Path',
    pathHint:
      'Paths that start with this path require the permissions. All others only require a valid token.',
    pathError:
      'Use / alone, or a path such as /orders/v1 without a slash at its end: at most 100 lower-case letters, digits or / _ -',
    listen: 'Address of the gateway',
    host: 'Host name of the gateway',
    upstream: 'Address of the API behind the gateway',
    latchkey: 'Address of Latchkey',
    addressError: 'Enter host and port, such as 127.0.0.1:8000.',
    hostError: 'Enter a host name, such as api.example.com.',
    files: 'Files',
    download: 'Download',
    load: '3. Load the files',
    trusted: 'Set LATCHKEY_TRUSTED_PROXIES in Latchkey to the IP address from which the gateway connects.',
    loadFiles: 'Then load the files:',
    addFile: 'Then add the file to the dynamic configuration of the gateway.',
    frameworkToken: 'The service needs a token with the permission tokens:introspect.',
    invalid: 'Correct the marked fields to see the files.',
  },
  test: {
    heading: '4. Test the protected API',
    text: 'Run these commands where the API can be reached. $TOKEN is a token with the permission to read, $OTHER one without it.',
    expected: 'They print 401, the status of the API’s response, and 403.',
  },
  form: {
    lead: 'Register a service behind Latchkey with the permissions that it checks.',
    nameHint: 'Lower-case letters, digits and hyphens, such as orders. You cannot change it later.',
    descriptionHint: 'The purpose of the API, in one sentence.',
    permissionsHint: 'Describe what each permission allows, so that others can grant it.',
    none: 'No permissions yet.',
    permission: 'Permission',
    sentence: 'Allowed actions',
    of: (label: string, permission: string) => `${label}: ${permission}`,
    add: 'Add permission',
    remove: (permission: string) => `Remove ${permission}`,
    removeNew: 'Remove the new permission',
    action: 'Create API',
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
