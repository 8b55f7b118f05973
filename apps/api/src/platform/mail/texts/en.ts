/** English texts of messages. */
export const en = {
  footer: (server: string) => `Latchkey at ${server} sent this message. Replies are not read.`,
  test: {
    subject: 'Test message from Latchkey',
    text: 'Latchkey can send e-mail with these settings.',
  },
  setUp: {
    subject: 'Choose your password',
    text: (sender: string, user: string) => `${sender} sent you a link to choose the password of "${user}".`,
    link: 'Choose your password',
  },
  lostPassword: {
    subject: 'Choose a new password',
    text: (user: string) => `Somebody asked for a link to choose a new password for "${user}".`,
    ignore: 'If it was not you, ignore this message. Your password has not changed.',
    pending:
      'An administrator has already created such a link. Use that one, or ask them for another: a request at the sign-in page does not replace it.',
  },
  linkUse: (until: string) => `The link works once, until ${until}.`,
  offer: {
    subject: 'An API token for you',
    text: (sender: string, user: string) => `${sender} offers an API token to "${user}".`,
    note: (note: string) => `Note: ${note}`,
    link: 'Create the token',
    secret: 'Only you see its secret. Whoever opens the link first creates the token, so do not forward it.',
  },
};
