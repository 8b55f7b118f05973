import type { UserBulkAction } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

/** Number of users, or the name of a single user. */
type UsersOrName = number | string;
const users = (who: UsersOrName) => (typeof who === 'string' ? who : count(who, 'user', 'users'));
const isOne = (who: UsersOrName) => typeof who === 'string' || who === 1;

/** The tokens of the users; `null` if their number is unknown. */
const tokens = (number: number | null) =>
  number === null ? 'all their tokens' : count(number, 'token', 'tokens');

/** The confirmation of a bulk action. */
interface BulkQuestionTexts {
  readonly heading: (who: UsersOrName, role: string) => string;
  readonly effect: (who: UsersOrName, tokens: number | null, role: string) => string;
  readonly after: string;
  readonly action: string;
}

const questions: Readonly<Record<UserBulkAction, BulkQuestionTexts>> = {
  enable: {
    heading: (who) => `Enable ${users(who)}?`,
    effect: (who) => `${users(who)} can sign in again, and their tokens work again.`,
    after: 'You can undo this.',
    action: 'Enable',
  },
  disable: {
    heading: (who) => `Disable ${users(who)}?`,
    effect: (who, revoked) =>
      `${users(who)} can no longer sign in, and ${tokens(revoked)} ${revoked === 1 ? 'stops' : 'stop'} working.`,
    after: 'You can undo this: users who are enabled again can sign in, and their tokens work again.',
    action: 'Disable',
  },
  addRole: {
    heading: (who, role) => `Assign the role ${role} to ${users(who)}?`,
    effect: (who, _tokens, role) =>
      `${users(who)} immediately ${isOne(who) ? 'gets' : 'get'} the permissions of ${role}.`,
    after: 'Afterwards you cannot see which users already held the role.',
    action: 'Assign role',
  },
  removeRole: {
    heading: (who, role) => `Remove the role ${role} from ${users(who)}?`,
    effect: (who, _tokens, role) =>
      `${users(who)} immediately ${isOne(who) ? 'loses' : 'lose'} the permissions that only ${role} grants. So do their tokens.`,
    after: 'Afterwards you cannot see which users held the role.',
    action: 'Remove role',
  },
  revokeTokens: {
    heading: (who) => `Revoke all tokens of ${users(who)}?`,
    effect: (who, revoked) =>
      `${revoked === null ? 'All tokens' : tokens(revoked)} of ${users(who)} ${revoked === 1 ? 'stops' : 'stop'} working immediately. Sessions are signed out, and clients need new tokens.`,
    after: 'This cannot be undone.',
    action: 'Revoke tokens',
  },
  delete: {
    heading: (who) => `Delete ${users(who)}?`,
    effect: (who, revoked) => `${users(who)} and ${tokens(revoked)} are deleted.`,
    after:
      'This cannot be undone. Entries in the audit trail are kept, and names can be used again. To block users for a while, disable them instead.',
    action: 'Delete',
  },
};

const done: Readonly<Record<UserBulkAction, (who: UsersOrName, role: string) => string>> = {
  enable: (who) => `${users(who)} enabled.`,
  disable: (who) => `${users(who)} disabled.`,
  addRole: (who, role) => `Role ${role} assigned to ${users(who)}.`,
  removeRole: (who, role) => `Role ${role} removed from ${users(who)}.`,
  revokeTokens: (who) => `All tokens of ${users(who)} revoked.`,
  delete: (who) => `${users(who)} deleted.`,
};

/** Bulk actions on users. */
export const userBulk = {
  questions,
  done,
  keep: 'Keep the tokens of other users',
  ofOthers: (number: number) =>
    `${tokens(number)} of other users, created with these tokens, ${number === 1 ? 'is' : 'are'} revoked too.`,
  /** Effect on the user who runs the action. */
  own: {
    disabled: 'Only another administrator can enable your account.',
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
