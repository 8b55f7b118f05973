/** The panel that shows a new secret once. */
export const secret = {
  once: 'Copy the secret now. It is shown only once.',
  forms: 'Formats of the secret',
  labels: { token: 'Token', header: 'X-Auth-Token', curl: 'curl', env: '.env' },
  hints: {
    token: 'The token alone. Clients combine it with the user’s name.',
    header: 'The complete value of the X-Auth-Token header.',
    curl: 'A test request. It returns the user if the token works.',
    env: 'For a file that only the service can read.',
  },
  copy: {
    token: 'Copy token',
    header: 'Copy value',
    curl: 'Copy command',
    env: 'Copy lines',
  },
  leave: {
    heading: 'Leave without copying?',
    text: 'The secret is shown only once. If you lose it, you have to rotate the token.',
    webhook: 'The secret is shown only once. If you lose it, you have to rotate it.',
    link: 'The link is shown only once. If you lose it, revoke the offer and create another one.',
    action: 'Leave',
  },
};
