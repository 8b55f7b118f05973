/** The page of a set-up link. */
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
