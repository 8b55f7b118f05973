import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  PASSWORD_FLOOR_LENGTH,
  PASSWORD_MAX_LENGTH,
  PASSWORD_MIN_LENGTH,
  USER_NAME_MAX_LENGTH,
} from '@latchkey/auth-models';

/** Every text that is not in a template, so that a second language finds them in one place. */
export const MESSAGES = {
  pages: {
    title: (page: string) => `${page} · Latchkey`,
    signIn: 'Sign in',
    setUp: 'Choose a password',
    users: 'Users',
    tokens: 'My tokens',
    notFound: 'Page not found',
  },
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  problem: {
    noAnswer: 'The server cannot be reached. Check your connection and try again.',
    unexpected: 'Something went wrong in the console. Reload the page and try again.',
    foreignAnswer: (status: number) =>
      `Something between the console and the server answered with status ${status}.`,
  },
  signIn: {
    'session-ended': 'Your session has ended. Sign in again to go on where you were.',
    'signed-out': 'You are signed out.',
    'signed-out-elsewhere': 'You signed out in another tab.',
    'password-set': 'Your password is set. Sign in with it now.',
  },
  fields: {
    isUserName: `1 to ${USER_NAME_MAX_LENGTH} letters or digits of one script, also . _ - @ + after the first. “me” and “bulk” are taken by the server.`,
    isEmail: 'This is not a complete e-mail address.',
    isPassword: `${PASSWORD_FLOOR_LENGTH} to ${PASSWORD_MAX_LENGTH} characters, without control characters.`,
    required: 'This is needed.',
    mismatch: 'The two passwords differ.',
    password_too_common:
      'This is among the first passwords that attackers try, or close to one. Choose a few words that have nothing to do with each other.',
    password_too_predictable:
      'Names, repetitions and sequences are easily guessed. Choose a few words that have nothing to do with each other or with the person.',
    'displayName.maxLength': `At most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
    'email.maxLength': `At most ${EMAIL_MAX_LENGTH} characters.`,
  } as Readonly<Record<string, string>>,
  passwordHints: {
    optional: `Optional; at least ${PASSWORD_MIN_LENGTH} characters.`,
    wanted: `At least ${PASSWORD_MIN_LENGTH} characters; a few words do well.`,
    soFar: (length: number) => `${length} so far.`,
  },
  sorts: {
    users: {
      name: 'Name, A to Z',
      '-name': 'Name, Z to A',
      '-lastLoginTime': 'Last sign-in, latest first',
      lastLoginTime: 'Last sign-in, oldest first',
      '-creationTime': 'Newest first',
    },
    tokens: {
      '-lastUsageTime': 'Last used first',
      '-creationTime': 'Newest first',
      expirationTime: 'Ending soonest first',
      note: 'Note, A to Z',
    },
    other: 'Sort',
  },
  paginator: {
    itemsPerPage: 'Rows',
    firstPage: 'First page',
    lastPage: 'Last page',
    nextPage: 'Next page',
    previousPage: 'Previous page',
    range: (from: number, to: number, total: number) => (total === 0 ? '0' : `${from}–${to} of ${total}`),
  },
  notices: {
    dismiss: 'Close',
    userCreated: (name: string) => `${name} is created.`,
    tokenRevoked: 'The token is revoked.',
    copied: 'Copied.',
    notCopied: 'The browser does not allow copying. Select the text and copy it by hand.',
  },
  revocation: {
    heading: { own: 'Sign out of this session?', session: 'End this session?', api: 'Revoke this token?' },
    name: (token: string) => `“${token}”`,
    ownSession:
      'This is the session you are using. You will be signed out here and in all tabs of this browser.',
    session: 'Whoever uses it is signed out at once and has to sign in again. This cannot be undone.',
    api: 'Whatever uses it stops working at once and needs a new token. This cannot be undone.',
    signOut: 'Sign out',
    revoke: 'Revoke',
  },
  session: {
    note: (browser: string) => `Console, ${browser}`,
    browser: (name: string | undefined, system: string | undefined) =>
      [name ?? 'Browser', system].filter(Boolean).join(' on '),
  },
  time: { justNow: 'just now' },
} as const;
