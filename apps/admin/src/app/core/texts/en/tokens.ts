import { counting } from '../counting';

const count = counting('en');

export const tokens = {
  own: {
    heading: 'My tokens',
    lede: 'Everything that may act in your name. Revoke what you do not recognise.',
  },
  search: 'Search note or last characters',
  count: (total: number) => count(total, 'token', 'tokens'),
  empty: { heading: 'No tokens', text: 'Sign in somewhere, and the token shows here.' },
  columns: {
    note: 'Token',
    creationTime: 'Created',
    lastUsageTime: 'Last used',
    expirationTime: 'Ends',
    actions: 'Actions',
  },
  sorts: {
    '-lastUsageTime': 'Last used first',
    '-creationTime': 'Newest first',
    expirationTime: 'Ending soonest first',
    note: 'Note, A to Z',
  },
  kinds: { session: 'Session', api: 'API token' },
  noNote: 'No note',
  thisSession: 'This session',
  disabled: 'Disabled',
  unlessBumped: 'unless bumped',
  revocation: {
    heading: { own: 'Sign out of this session?', session: 'End this session?', api: 'Revoke this token?' },
    name: (token: string) => `“${token}”`,
    ownSession:
      'This is the session you are using. You will be signed out here and in all tabs of this browser.',
    session: 'Whoever uses it is signed out at once and has to sign in again. This cannot be undone.',
    api: 'Whatever uses it stops working at once and needs a new token. This cannot be undone.',
    signOut: 'Sign out',
    revoke: 'Revoke',
    done: 'The token is revoked.',
  },
};
