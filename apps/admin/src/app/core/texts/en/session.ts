export const session = {
  signIn: {
    lead: 'to the Latchkey console',
    sending: 'Signing in…',
    rejected: 'Name or password is wrong, or the account is disabled.',
    forgotten: 'Forgot your password? Ask an administrator.',
    forgottenLink: 'Forgot your password?',
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
  passkey: {
    signIn: 'Sign in with a passkey',
    waiting: 'Waiting for the passkey…',
    unused: 'No passkey was used.',
    rejected: 'The passkey is unknown here, or the account is disabled.',
    unavailable: 'Passkeys are not set up on this server.',
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
