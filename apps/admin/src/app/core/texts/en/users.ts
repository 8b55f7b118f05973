import { counting } from '../counting';

const count = counting('en');

export const users = {
  search: 'Search name or e-mail',
  count: (total: number) => count(total, 'user', 'users'),
  create: 'New user',
  import: 'Import',
  empty: {
    heading: 'No users yet',
    text: 'Create the first user and send them the set-up link.',
  },
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
    permission: 'Permission',
  },
  kinds: { human: 'Person', service: 'Service' },
  isService: ', a service',
  states: { true: 'Enabled', false: 'Disabled' },
  neverSignedIn: 'Never signed in',
  inactiveSince: (days: number) => `Inactive for ${count(days, 'day', 'days')}`,
  sorts: {
    name: 'Name, A to Z',
    '-name': 'Name, Z to A',
    displayName: 'Display name, A to Z',
    email: 'E-mail, A to Z',
    '-lastLoginTime': 'Last sign-in, latest first',
    lastLoginTime: 'Last sign-in, oldest first',
    '-creationTime': 'Newest first',
    creationTime: 'Oldest first',
    '-tokenCount': 'Most tokens first',
    enabled: 'Disabled first',
    kind: 'People first',
  },
  form: {
    kind: 'Kind',
    name: 'Name',
    nameHint: 'Used to sign in. It cannot be changed later.',
    spelling: 'Will be saved as',
    displayName: 'Display name',
    email: 'E-mail',
    passwordHint: 'Leave empty to get a set-up link.',
    generate: 'Generate',
    serviceNote: 'A service has no password. You create its first token next.',
    action: 'Create user',
    serviceAction: 'Create service',
  },
  created: (name: string) => `${name} created`,
  handover: {
    password: 'Give this password to the user. It is shown only once.',
    link: 'Give this link to the user, who can choose a password with it once. It is shown only once.',
    leave: {
      heading: 'Close without copying?',
      text: {
        password: 'The password is shown only once. If you lose it, you have to set another one.',
        link: 'The link is shown only once. If you lose it, you have to create another one.',
      },
      action: 'Close',
    },
  },
  worksUntil: (instant: string) => `Valid until ${instant}.`,
};
