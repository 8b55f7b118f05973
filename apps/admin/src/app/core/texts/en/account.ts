/** The page of one's own account. */
export const account = {
  lede: 'Your profile, your password, and everything that may act in your name.',
  profile: { heading: 'Profile', save: 'Save profile', saved: 'Your profile is saved.', roles: 'Roles' },
  password: {
    heading: 'Password',
    current: 'Current password',
    fresh: 'New password',
    again: 'New password again',
    action: 'Change password',
    sending: 'Changing the password…',
    consequence: 'Changing it signs you out everywhere but here, and revokes your API tokens.',
    changed: 'Your password is changed. Everything else that acted in your name is revoked.',
  },
  look: { heading: 'Appearance', theme: 'Theme', language: 'Language', note: 'Remembered in this browser.' },
  tokens: { heading: 'My tokens', create: 'New token', others: 'Revoke all others' },
  endOthers: {
    heading: 'Revoke all your other tokens?',
    text: 'Every other session of yours is signed out, and whatever uses one of your API tokens stops working. This cannot be undone.',
    action: 'Revoke all others',
    done: 'All your other tokens are revoked.',
  },
  activity: { actor: 'What I did', subject: 'What was done to me' },
};
