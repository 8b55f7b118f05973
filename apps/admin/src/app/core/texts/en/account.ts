export const account = {
  lead: 'Your profile, password, second factors, tokens and activity.',
  profile: { heading: 'Profile', save: 'Save profile', saved: 'Profile saved.' },
  password: {
    current: 'Current password',
    new: 'New password',
    again: 'Confirm new password',
    action: 'Change password',
    sending: 'Changing the password…',
    consequence: 'Changing your password signs you out of all other sessions and revokes your API tokens.',
    changed: 'Password changed. All your other sessions and your API tokens are revoked.',
  },
  revokeOthers: {
    heading: 'Revoke all your other tokens?',
    text: 'You are signed out of all other sessions, and clients that use your API tokens stop working. This cannot be undone.',
    action: 'Revoke all others',
    done: 'All your other tokens are revoked.',
  },
  activity: { actor: 'My actions', subject: 'Changes to my account' },
};
