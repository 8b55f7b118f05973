import { counting } from '../counting';

const count = counting('en');
const tokens = (number: number) => count(number, 'token', 'tokens');

/** The page of one user. */
export const userPage = {
  back: 'All users',
  tabs: {
    label: 'Parts of this page',
    profile: 'Profile',
    tokens: 'Tokens',
    activity: 'Activity',
    access: 'Access',
    raw: 'Raw JSON',
  },
  profile: {
    id: 'ID',
    version: 'Version',
    mayUse: 'May sign in and use tokens',
    none: 'not set',
    saved: (name: string) => `Profile of ${name} saved.`,
  },
  noTokens: 'This user has not signed in and has no API tokens.',
  activitySides: { actor: 'By this user', subject: 'About this user' },
  actions: {
    link: 'Create set-up link…',
    password: 'Set password…',
    liftThrottle: 'Unblock sign-in',
  },
  disabled: (name: string) => `${name} disabled.`,
  enabled: (name: string) => `${name} enabled.`,
  throttleLifted: (name: string) => `${name} can sign in again.`,
  tokensRevoked: (name: string) => `All tokens of ${name} revoked.`,
  deleted: (name: string) => `${name} deleted.`,
  disableSelf: {
    heading: 'Disable your own account?',
    effect: 'You are signed out immediately and cannot sign in again.',
    after: 'Only another administrator can enable your account.',
    action: 'Disable',
  },
  revokeTokensQuestion: {
    heading: (name: string) => `Revoke all tokens of ${name}?`,
    effect: (number: number) =>
      `${tokens(number)} ${number === 1 ? 'stops' : 'stop'} working immediately. People are signed out, and services need new tokens.`,
    own: 'This is your own account, so you are signed out too.',
    after: 'This cannot be undone.',
    action: 'Revoke tokens',
  },
  deleteQuestion: {
    heading: (name: string) => `Delete ${name}?`,
    effect: (number: number) => `The user and ${tokens(number)} are deleted.`,
    after: 'This cannot be undone. Entries in the audit trail are kept, and the name can be used again.',
    own: 'This is your own account: you are signed out immediately.',
    action: 'Delete',
  },
  setUpLink: {
    heading: (name: string) => `Set-up link for ${name}`,
    text: 'The user can choose a password with this link once, within one day. Older links stop working.',
    effect: (number: number) =>
      number === 0
        ? 'The current password works until then.'
        : `When the link is used, the old password and ${tokens(number)} stop working.`,
    action: 'Create link',
  },
  setPassword: {
    heading: (name: string) => `Set password for ${name}`,
    text: 'A set-up link is safer, because only the user knows the password.',
    effect: (number: number) => `The old password and ${tokens(number)} stop working immediately.`,
    label: 'New password',
    action: 'Set password',
    sending: 'Setting…',
    done: (name: string) => `${name} has a new password.`,
  },
};
