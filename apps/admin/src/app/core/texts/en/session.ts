/** Signing in and out. */
export const session = {
  signIn: {
    heading: 'Sign in',
    lede: 'to the Latchkey console',
    name: 'Name',
    password: 'Password',
    action: 'Sign in',
    sending: 'Signing in…',
    refused: 'Name or password is wrong, or the account is switched off.',
    forgotten: 'Forgot your password? Ask an administrator.',
    insecure:
      'This page came over plain http. You can sign in, but a reload will sign you out, and your password can be read on the way. Use https.',
    notices: {
      'session-ended': 'Your session has ended. Sign in again to go on where you were.',
      'signed-out': 'You are signed out.',
      'signed-out-elsewhere': 'You signed out in another tab.',
      'password-set': 'Your password is set. Sign in with it now.',
    },
  },
  again: {
    as: 'As',
    ended: {
      heading: 'Your session has ended',
      text: 'Sign in again to go on where you are. Nothing you did is lost.',
      leave: 'Sign out',
    },
    ending: {
      heading: 'Begin a new session',
      text: 'The present one ends soon. Sign in again now, and you go on where you are.',
      leave: 'Cancel',
    },
  },
  warning: {
    text: 'Your session ends',
    action: 'Sign in again',
  },
  language: 'Language',
  theme: 'Theme',
  accountPrefix: 'Account of ',
  signOut: 'Sign out',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  note: (browser: string) => `Console, ${browser}`,
  browser: (name: string | undefined, system: string | undefined) =>
    [name ?? 'Browser', system].filter(Boolean).join(' on '),
};
