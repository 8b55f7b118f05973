import { counting } from '../counting';

const count = counting('en');

export const users = {
  heading: 'Users',
  lede: 'People and services that can sign in.',
  search: 'Search name or e-mail',
  count: (total: number) => count(total, 'user', 'users'),
  create: 'New user',
  empty: { heading: 'No users yet', text: 'Create the first one, and hand over the password.' },
  columns: {
    name: 'User',
    roles: 'Roles',
    enabled: 'State',
    tokenCount: 'Tokens',
    lastLoginTime: 'Last sign-in',
    creationTime: 'Created',
  },
  filters: {
    kind: 'Kind',
    enabled: 'State',
    neverLoggedIn: 'Sign-in',
    role: 'Role',
  },
  kinds: { human: 'Person', service: 'Service' },
  isService: ', a service',
  states: { true: 'Enabled', false: 'Disabled' },
  neverSignedIn: 'Never signed in',
  tokenCount: (total: number) => count(total, 'token', 'tokens'),
  sorts: {
    name: 'Name, A to Z',
    '-name': 'Name, Z to A',
    '-lastLoginTime': 'Last sign-in, latest first',
    lastLoginTime: 'Last sign-in, oldest first',
    '-creationTime': 'Newest first',
  },
  form: {
    kind: 'Kind',
    name: 'Name',
    nameHint: 'Half of every sign-in; it can never change.',
    spelling: 'Will be written',
    displayName: 'Display name',
    email: 'E-mail',
    roles: 'Roles',
    generate: 'Generate',
    serviceNote: 'A service has no password. It is given tokens instead.',
    action: 'Create user',
    sending: 'Creating…',
  },
  created: (name: string) => `${name} is created`,
  handOver: 'Hand over this password. It is shown this one time and kept nowhere.',
};
