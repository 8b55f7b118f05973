import { counting } from '../counting';

const count = counting('en');

export const users = {
  heading: 'Users',
  lede: 'People and services that can sign in.',
  search: 'Search name or e-mail',
  count: (total: number) => count(total, 'user', 'users'),
  create: 'New user',
  empty: {
    heading: 'No users yet',
    text: 'Create the first one, and hand over the link to choose a password.',
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
  },
  kinds: { human: 'Person', service: 'Service' },
  isService: ', a service',
  states: { true: 'Enabled', false: 'Disabled' },
  neverSignedIn: 'Never signed in',
  inactiveSince: (days: number) => `Not for ${count(days, 'day', 'days')}`,
  tokenCount: (total: number) => count(total, 'token', 'tokens'),
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
    nameHint: 'Half of every sign-in; it can never change.',
    spelling: 'Will be written',
    displayName: 'Display name',
    email: 'E-mail',
    passwordHint: 'Leave it empty for a link to hand over.',
    generate: 'Generate',
    serviceNote: 'A service has no password. Its first token comes next.',
    action: 'Create user',
    serviceAction: 'Create service',
    sending: 'Creating…',
  },
  created: (name: string) => `${name} is created`,
  handover: {
    password: 'Hand over this password. It is shown this one time and kept nowhere.',
    link: 'Hand over this link. With it they choose a password of their own, once. It is shown this one time.',
    leave: {
      heading: 'Close without copying?',
      text: {
        password:
          'The password is shown this one time only. Without it nobody can sign in with it, and you would have to set another.',
        link: 'The link is shown this one time only. Without it nobody can choose a password, and you would have to make another.',
      },
      action: 'Close',
    },
  },
  worksUntil: (instant: string) => `It works until ${instant}.`,
};
