/** The page that a set-up link leads to. */
export const setUp = {
  heading: 'Choose your password',
  lede: 'Then you can sign in. Long beats complicated; every character counts, spaces too.',
  action: 'Set password',
  sending: 'Setting the password…',
  toSignIn: 'Go to sign-in',
  incomplete: {
    heading: 'The link is not complete',
    text: 'A set-up link has a long secret behind the # sign, and this address has none. Perhaps the page was reloaded: open the link again from where you got it. Opening it does not use it up.',
  },
  refused: {
    heading: 'This link no longer works',
    text: 'It was used before, is older than 24 hours, or a newer one took its place. Ask an administrator for another.',
  },
};
