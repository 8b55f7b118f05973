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
  throttleLifted: (name: string) => `${name} can sign in again.`,
  credentials: {
    password: {
      heading: (name: string) => `Set password for ${name}`,
      text: 'A set-up link is safer, because only the user knows the password.',
      effect: (number: number) => `The old password and ${tokens(number)} stop working immediately.`,
      action: 'Set password',
      done: (name: string) => `${name} has a new password.`,
    },
    link: {
      heading: (name: string) => `Set-up link for ${name}`,
      text: 'The user can set a password with this link once, within 24 hours. Older links stop working.',
      effect: (number: number) =>
        number === 0
          ? 'The current password works until the link is used.'
          : `When the link is used, the old password and ${tokens(number)} stop working.`,
      action: 'Create link',
      done: (name: string) => `Set-up link for ${name} created`,
    },
  },
};
