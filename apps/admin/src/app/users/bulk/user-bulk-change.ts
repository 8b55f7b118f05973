import { signal } from '@angular/core';
import type { BulkDryRunResultDto, UserBulkAction, UserDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';
import type { Question } from '../../shared/dialogs/confirm';

/** A change of many users as the person chose it. */
export interface UserBulkChange {
  readonly action: UserBulkAction;
  /** Of `addRole` and `removeRole`. */
  readonly role?: string;
}

/** Counts from a dry run: users, their tokens that stop working, and tokens of others that do. */
type DryRunCounts = Pick<BulkDryRunResultDto<UserDto>, 'count' | 'tokenCount' | 'descendantCount'>;

/** What takes a change back. */
const INVERSES: Partial<Record<UserBulkAction, UserBulkAction>> = {
  enable: 'disable',
  disable: 'enable',
  addRole: 'removeRole',
  removeRole: 'addRole',
};

/** The change that takes another back; `null` if nothing does. */
export function inverseOf({ action, role }: UserBulkChange): UserBulkChange | null {
  const inverse = INVERSES[action];
  return inverse === undefined ? null : { action: inverse, ...(role !== undefined && { role }) };
}

/** Whether a change makes anything of a user that was not so before. */
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
 * The question before a change of so many users, with its consequences in numbers; `null` where nobody need be asked.
 *
 * @param users the very users, if all of them are known.
 * @param ownName the name of the person who is asked.
 */
export function bulkQuestion(
  act: UserBulkChange,
  { count, tokenCount, descendantCount = 0 }: DryRunCounts,
  users: readonly UserDto[] | null,
  { userBulk }: Texts,
  ownName: string | undefined,
): Question | null {
  const { action, role = '' } = act;
  const affected = users?.filter((user) => changes(act, user));
  const number = affected?.length ?? count;
  const texts = userBulk.questions[action];
  const isReversible = inverseOf(act) !== null;
  const isWide = users === null;
  const hitsOwn = affected?.some(({ name }) => name === ownName) ?? null;
  const own = ownConsequence(action, hitsOwn, userBulk);
  // Whoever takes something from themselves may not be able to take that back.
  const mayHurt = action === 'disable' || (hitsOwn === true && own !== null);
  if (isReversible && !isWide && !mayHurt) {
    return null;
  }
  return {
    heading: texts.heading(count, role),
    consequences: [
      texts.effect(number, tokenCount ?? null, role),
      ...(descendantCount > 0 ? [userBulk.ofOthers(descendantCount)] : []),
      ...(own === null ? [] : [own]),
      texts.after,
    ],
    action: texts.action,
    ...(descendantCount > 0 && {
      choice: { label: userBulk.keep, member: 'keepDescendants', isChosen: signal(false) },
    }),
    isHarmless: isReversible && !mayHurt,
    ...(action === 'delete' && { typed: count === 1 && users?.[0] ? users[0].name : String(count) }),
  };
}

/** What a change does to the person who makes it; `hitsOwn` is `null` where it is not known whether they are among the users. */
function ownConsequence(
  action: UserBulkAction,
  hitsOwn: boolean | null,
  { own }: Texts['userBulk'],
): string | null {
  if (hitsOwn === false || action === 'enable' || action === 'addRole') {
    return null;
  }
  const texts = action === 'removeRole' ? own.loses : own.signedOut;
  return hitsOwn ? texts.surely : texts.perhaps;
}
