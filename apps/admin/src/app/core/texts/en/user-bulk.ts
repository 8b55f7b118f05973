import type { UserBulkAction } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');
const users = (number: number) => count(number, 'user', 'users');

/** The tokens of some users, as far as they are known. */
const tokens = (number: number | null) =>
  number === null ? 'all their tokens' : count(number, 'token', 'tokens');

/** What is asked before a change, and what it would do. */
interface BulkQuestionTexts {
  readonly heading: (number: number, role: string) => string;
  readonly effect: (number: number, tokens: number | null, role: string) => string;
  readonly after: string;
  readonly action: string;
}

const questions: Readonly<Record<UserBulkAction, BulkQuestionTexts>> = {
  enable: {
    heading: (number) => `Enable ${users(number)}?`,
    effect: (number) => `${users(number)} can sign in again, and their tokens work again.`,
    after: 'This can be undone.',
    action: 'Enable',
  },
  disable: {
    heading: (number) => `Disable ${users(number)}?`,
    effect: (number, ended) =>
      `${users(number)} cannot sign in any more, and ${tokens(ended)} ${ended === 1 ? 'stops' : 'stop'} working.`,
    after: 'This can be undone: whoever is enabled again can sign in, and their tokens work again.',
    action: 'Disable',
  },
  addRole: {
    heading: (number, role) => `Give ${users(number)} the role ${role}?`,
    effect: (number, _tokens, role) => `${users(number)} may at once do what ${role} permits.`,
    after: 'Who held the role before cannot be told apart afterwards.',
    action: 'Give the role',
  },
  removeRole: {
    heading: (number, role) => `Take the role ${role} from ${users(number)}?`,
    effect: (number, _tokens, role) =>
      `${users(number)} and their tokens lose at once what only ${role} permits.`,
    after: 'Who held the role before cannot be told apart afterwards.',
    action: 'Take the role',
  },
  revokeTokens: {
    heading: (number) => `Revoke all tokens of ${users(number)}?`,
    effect: (number, ended) =>
      `${ended === null ? 'All tokens' : tokens(ended)} of ${users(number)} ${ended === 1 ? 'stops' : 'stop'} working at once. Everybody is signed out, and services need new tokens.`,
    after: 'This cannot be undone.',
    action: 'Revoke tokens',
  },
  delete: {
    heading: (number) => `Delete ${users(number)}?`,
    effect: (number, ended) => `${users(number)} and ${tokens(ended)} are gone for good.`,
    after: 'This cannot be undone. Whoever is only to be kept out can be disabled instead.',
    action: 'Delete',
  },
};

const done: Readonly<Record<UserBulkAction, (number: number, role: string) => string>> = {
  enable: (number) => `${users(number)} enabled.`,
  disable: (number) => `${users(number)} disabled.`,
  addRole: (number, role) => `${users(number)} now ${number === 1 ? 'holds' : 'hold'} ${role}.`,
  removeRole: (number, role) => `${users(number)} no longer ${number === 1 ? 'holds' : 'hold'} ${role}.`,
  revokeTokens: (number) => `All tokens of ${users(number)} are revoked.`,
  delete: (number) => `${users(number)} deleted.`,
};

/** Changes of many users at once. */
export const userBulk = {
  actions: {
    enable: 'Enable',
    disable: 'Disable',
    addRole: 'Give a role…',
    removeRole: 'Take a role…',
    revokeTokens: 'Revoke all tokens…',
    delete: 'Delete…',
  },
  more: 'More',
  questions,
  done,
  keep: 'Keep the tokens of others',
  ofOthers: (number: number) =>
    `${tokens(number)} created with them for other users ${number === 1 ? 'is' : 'are'} revoked, too.`,
  /** What a change does to whoever makes it. */
  own: {
    signedOut: {
      surely: 'You are among them: you are signed out here, too.',
      perhaps: 'If you are among them, you are signed out here, too.',
    },
    loses: {
      surely: 'You are among them and lose it yourself. It may take somebody else to give it back.',
      perhaps: 'If you are among them, you lose it yourself, and it may take somebody else to give it back.',
    },
  },
  nothingToDo: 'That is so already for everybody here.',
  roleDialog: {
    role: 'Role',
    hint: 'Choose one to see what it permits.',
    addRole: {
      heading: (number: number) => `Give ${users(number)} a role`,
      action: 'Give the role',
    },
    removeRole: {
      heading: (number: number) => `Take a role from ${users(number)}`,
      action: 'Take the role',
    },
  },
};
