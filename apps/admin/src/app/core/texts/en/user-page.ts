import { counting } from '../counting';

const count = counting('en');
const tokens = (number: number) => count(number, 'token', 'tokens');

/** The page of one user. */
export const userPage = {
  back: 'All users',
  facts: { lastLogin: 'Last sign-in', tokens: 'Tokens', created: 'Created' },
  tabs: {
    label: 'Parts of this page',
    profile: 'Profile',
    tokens: 'Tokens',
    activity: 'Activity',
    access: 'Access',
    raw: 'Raw JSON',
  },
  profile: {
    id: 'Id',
    version: 'Version',
    mayUse: 'May sign in and use tokens',
    none: 'none given',
    save: 'Save profile',
    saved: (name: string) => `The profile of ${name} is saved.`,
  },
  tokens: {
    create: 'New token',
    empty: { heading: 'No tokens', text: 'They neither signed in nor were given a token.' },
  },
  activitySides: { actor: 'What they did', subject: 'What was done to them' },
  actions: {
    disable: 'Disable',
    enable: 'Enable',
    link: 'Make a set-up link…',
    password: 'Set a password…',
    liftThrottle: 'Lift the sign-in throttle',
    endTokens: 'Revoke all tokens…',
    delete: 'Delete…',
  },
  disabled: (name: string) => `${name} is disabled.`,
  enabled: (name: string) => `${name} is enabled.`,
  throttleLifted: (name: string) => `${name} can try to sign in again.`,
  tokensEnded: (name: string) => `All tokens of ${name} are revoked.`,
  deleted: (name: string) => `${name} is deleted.`,
  disableSelf: {
    heading: 'Disable yourself?',
    effect: 'You are signed out at once and cannot sign in again.',
    after: 'Only somebody else can enable you.',
    action: 'Disable',
  },
  endTokensQuestion: {
    heading: (name: string) => `Revoke all tokens of ${name}?`,
    effect: (number: number) =>
      `${tokens(number)} ${number === 1 ? 'stops' : 'stop'} working at once. People are signed out, and services need new tokens.`,
    own: 'That is you: you are signed out here, too.',
    after: 'This cannot be undone.',
    action: 'Revoke tokens',
  },
  deleteQuestion: {
    heading: (name: string) => `Delete ${name}?`,
    effect: (number: number) => `The user and ${tokens(number)} are gone for good.`,
    keep: 'Keep the tokens of others',
    ofOthers: (number: number) =>
      `${tokens(number)} created with them for other users ${number === 1 ? 'is' : 'are'} revoked, too.`,
    after: 'The name can be given again; the entries in the audit trail stay.',
    own: 'That is you: you are signed out at once.',
    action: 'Delete',
  },
  setUpLink: {
    heading: (name: string) => `A set-up link for ${name}`,
    text: 'With it they choose a password of their own, once, within a day. An older link stops working.',
    effect: (number: number) =>
      number === 0
        ? 'The password they have works until then.'
        : `Once it is used, their old password and ${tokens(number)} stop working.`,
    action: 'Make the link',
  },
  setPassword: {
    heading: (name: string) => `A password for ${name}`,
    text: 'A set-up link is better: then nobody but they knows the password.',
    effect: (number: number) => `The old password and ${tokens(number)} stop working at once.`,
    label: 'New password',
    action: 'Set password',
    sending: 'Setting…',
    done: (name: string) => `${name} has a new password.`,
  },
};
