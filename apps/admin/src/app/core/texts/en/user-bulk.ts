import type { UserBulkAction } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');
const users = (number: number) => count(number, 'user', 'users');

/** The tokens of the users; `null` if their number is unknown. */
const tokens = (number: number | null) =>
  number === null ? 'all their tokens' : count(number, 'token', 'tokens');

/** The confirmation of a bulk action. */
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
    after: 'You can undo this.',
    action: 'Enable',
  },
  disable: {
    heading: (number) => `Disable ${users(number)}?`,
    effect: (number, revoked) =>
      `${users(number)} can no longer sign in, and ${tokens(revoked)} ${revoked === 1 ? 'stops' : 'stop'} working.`,
    after: 'You can undo this: users who are enabled again can sign in, and their tokens work again.',
    action: 'Disable',
  },
  addRole: {
    heading: (number, role) => `Assign the role ${role} to ${users(number)}?`,
    effect: (number, _tokens, role) =>
      `${users(number)} immediately ${number === 1 ? 'gets' : 'get'} the permissions of ${role}.`,
    after: 'Afterwards you cannot see which users already held the role.',
    action: 'Assign role',
  },
  removeRole: {
    heading: (number, role) => `Remove the role ${role} from ${users(number)}?`,
    effect: (number, _tokens, role) =>
      `${users(number)} immediately ${number === 1 ? 'loses' : 'lose'} the permissions that only ${role} grants. So do their tokens.`,
    after: 'Afterwards you cannot see which users held the role.',
    action: 'Remove role',
  },
  revokeTokens: {
    heading: (number) => `Revoke all tokens of ${users(number)}?`,
    effect: (number, revoked) =>
      `${revoked === null ? 'All tokens' : tokens(revoked)} of ${users(number)} ${revoked === 1 ? 'stops' : 'stop'} working immediately. People are signed out, and services need new tokens.`,
    after: 'This cannot be undone.',
    action: 'Revoke tokens',
  },
  delete: {
    heading: (number) => `Delete ${users(number)}?`,
    effect: (number, revoked) => `${users(number)} and ${tokens(revoked)} are deleted.`,
    after: 'This cannot be undone. Disable users instead to block them for a while.',
    action: 'Delete',
  },
};

const done: Readonly<Record<UserBulkAction, (number: number, role: string) => string>> = {
  enable: (number) => `${users(number)} enabled.`,
  disable: (number) => `${users(number)} disabled.`,
  addRole: (number, role) => `Role ${role} assigned to ${users(number)}.`,
  removeRole: (number, role) => `Role ${role} removed from ${users(number)}.`,
  revokeTokens: (number) => `All tokens of ${users(number)} revoked.`,
  delete: (number) => `${users(number)} deleted.`,
};

/** Bulk actions on users. */
export const userBulk = {
  actions: {
    enable: 'Enable',
    disable: 'Disable',
    addRole: 'Assign role…',
    removeRole: 'Remove role…',
    revokeTokens: 'Revoke all tokens…',
    delete: 'Delete…',
  },
  questions,
  done,
  keep: 'Keep the tokens of other users',
  ofOthers: (number: number) =>
    `${tokens(number)} of other users, created with these tokens, ${number === 1 ? 'is' : 'are'} revoked too.`,
  /** Effect on the user who runs the action. */
  own: {
    signedOut: {
      surely: 'This includes you: you are signed out too.',
      perhaps: 'If this includes you, you are signed out too.',
    },
    loses: {
      surely: 'This includes you: you lose the role yourself. You may need another user to give it back.',
      perhaps: 'If this includes you, you lose the role yourself and may need another user to give it back.',
    },
  },
  nothingToDo: 'Nothing to change: this already applies to all of these users.',
  roleDialog: {
    role: 'Role',
    hint: 'Choose a role to see its permissions.',
    addRole: {
      heading: (number: number) => `Assign a role to ${users(number)}`,
      action: 'Assign role',
    },
    removeRole: {
      heading: (number: number) => `Remove a role from ${users(number)}`,
      action: 'Remove role',
    },
  },
};
