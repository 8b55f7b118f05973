import { signal } from '@angular/core';
import type { BulkDryRunResultDto, UserBulkAction, UserDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';
import type { Question } from '../../shared/dialogs/confirm';

/** A bulk action on users. */
export interface UserBulkChange {
  readonly action: UserBulkAction;
  /** For `addRole` and `removeRole`. */
  readonly role?: string;
}

/** Counts of a dry run: users, their tokens that stop working, and tokens of other users that do. */
type DryRunCounts = Pick<BulkDryRunResultDto<UserDto>, 'count' | 'tokenCount' | 'descendantCount'>;

const INVERSES: Partial<Record<UserBulkAction, UserBulkAction>> = {
  enable: 'disable',
  disable: 'enable',
  addRole: 'removeRole',
  removeRole: 'addRole',
};

/** Returns the action that undoes another; `null` if none does. */
export function inverseOf({ action, role }: UserBulkChange): UserBulkChange | null {
  const inverse = INVERSES[action];
  return inverse === undefined ? null : { action: inverse, ...(role !== undefined && { role }) };
}

/** Whether an action would change a user. */
export function changes({ action, role = '' }: UserBulkChange, user: UserDto): boolean {
  switch (action) {
    case 'enable':
      return !user.enabled;
    case 'disable':
      return user.enabled;
    case 'addRole':
      return !user.roles.includes(role);
    case 'removeRole':
      return user.roles.includes(role);
    case 'delete':
      return true;
    case 'revokeTokens':
      return user.tokenCount > 0;
  }
}

/**
 * Returns the confirmation of an action with its effects in numbers; `null` if none is needed.
 *
 * @param users the affected users, if all of them are known.
 * @param ownName the name of the user who is asked.
 */
export function bulkQuestion(
  change: UserBulkChange,
  { count, tokenCount, descendantCount = 0 }: DryRunCounts,
  users: readonly UserDto[] | null,
  { userBulk }: Texts,
  ownName: string | undefined,
): Question | null {
  const { action, role = '' } = change;
  const affected = users?.filter((user) => changes(change, user));
  const [only] = count === 1 ? (users ?? []) : [];
  const texts = userBulk.questions[action];
  const isReversible = inverseOf(change) !== null;
  const affectsOwn = affected?.some(({ name }) => name === ownName) ?? null;
  const own = ownConsequence(action, affectsOwn, userBulk);
  // Users who take something from themselves may be unable to undo that.
  const needsWarning = action === 'disable' || (affectsOwn === true && own !== null);
  if (isReversible && users !== null && !needsWarning) {
    return null;
  }
  return {
    heading: texts.heading(only?.name ?? count, role),
    consequences: [
      texts.effect(only?.name ?? affected?.length ?? count, tokenCount ?? null, role),
      ...(descendantCount > 0 ? [userBulk.ofOthers(descendantCount)] : []),
      ...(own === null ? [] : [own]),
      action === 'disable' && affectsOwn ? userBulk.own.disabled : texts.after,
    ],
    action: texts.action,
    ...(descendantCount > 0 && {
      option: { label: userBulk.keep, member: 'keepDescendants', isChecked: signal(false) },
    }),
    isHarmless: isReversible && !needsWarning,
    ...(action === 'delete' && { typed: only?.name ?? String(count) }),
  };
}

/**
 * Returns the effect on the user who runs the action; `affectsOwn` is `null` if it is unknown whether there
 * is one.
 */
function ownConsequence(
  action: UserBulkAction,
  affectsOwn: boolean | null,
  { own }: Texts['userBulk'],
): string | null {
  if (affectsOwn === false || action === 'enable' || action === 'addRole') {
    return null;
  }
  const texts = action === 'removeRole' ? own.loses : own.signedOut;
  return affectsOwn ? texts.surely : texts.perhaps;
}
