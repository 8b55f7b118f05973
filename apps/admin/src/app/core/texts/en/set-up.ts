/** The page of a set-up link. */
export const setUp = {
  heading: 'Choose your password',
  lead: 'Length matters more than complexity. Every character counts, including spaces.',
  action: 'Set password',
  sending: 'Setting the password…',
  toSignIn: 'Go to sign-in',
  lost: {
    heading: 'Forgot your password?',
    lead: 'Latchkey sends a link to your e-mail address. With it, you choose a new password.',
    user: 'Name or e-mail address',
    action: 'Send link',
    sending: 'Sending…',
    sentHeading: 'Check your e-mail',
    sent: 'If there is such an account, the link is on its way. It works for an hour. If nothing arrives, ask an administrator.',
  },
  incomplete: {
    heading: 'This link is incomplete',
    text: 'The part after the # sign is missing, perhaps because the page was reloaded. Open the original link again: opening a link does not use it up.',
  },
  rejected: {
    heading: 'This link no longer works',
    text: 'It has been used, has expired, or was replaced by a newer one. Ask an administrator for a new link.',
  },
};
