export const session = {
  signIn: {
    lead: 'to the Latchkey console',
    sending: 'Signing in…',
    rejected: 'Name or password is wrong, or the account is disabled.',
    forgotten: 'Forgot your password? Ask an administrator.',
    insecure:
      'This page was loaded over plain HTTP. Your password can be read in transit, and reloading the page will sign you out. Use HTTPS.',
    notices: {
      'session-ended': 'Your session has expired. Sign in again to continue.',
      'signed-out': 'You are signed out.',
      'signed-out-elsewhere': 'You signed out in another tab.',
      'password-set': 'Your password is set. You can now sign in with it.',
    },
  },
  code: {
    label: 'Code',
    hint: 'From your authenticator app, or a recovery code.',
    rejected: 'The code is wrong, or was used before. Enter the next one.',
  },
  warning: {
    text: 'Your session expires',
    action: 'Sign in again',
  },
  accountPrefix: 'Account of ',
  signOut: 'Sign out',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  note: (browser: string) => `Console, ${browser}`,
  browser: (name: string | undefined, system: string | undefined) =>
    [name ?? 'Browser', system].filter(Boolean).join(' on '),
};

export const setUp = {
  heading: 'Choose your password',
  lead: 'Length matters more than complexity. Every character counts, including spaces.',
  action: 'Set password',
  sending: 'Setting the password…',
  toSignIn: 'Go to sign-in',
  incomplete: {
    heading: 'This link is incomplete',
    text: 'The part after the # sign is missing, perhaps because the page was reloaded. Open the original link again: opening a link does not use it up.',
  },
  rejected: {
    heading: 'This link no longer works',
    text: 'It has been used, is more than 24 hours old, or was replaced by a newer one. Ask an administrator for a new link.',
  },
};
