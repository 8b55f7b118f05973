/** Dialogs in which the user signs in again, or proves again who they are. */
export const signInAgain = {
  user: 'User:',
  expired: {
    heading: 'Your session has expired',
    text: 'Sign in again to continue. Your unsaved changes are kept.',
  },
  expiring: {
    heading: 'Renew your session',
    text: 'Your session expires soon. Sign in again to continue working.',
  },
};

export const stepUp = {
  heading: 'Confirm that it is you',
  texts: {
    'step-up': 'Your last sign-in is too old for this change. Your input is kept.',
    enrolment: 'Your account requires a second factor. Use yours to continue.',
  },
  passkey: 'Use a passkey',
  action: 'Confirm',
  sending: 'Checking…',
};
