import type { UserDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';
import type { ConfirmOption, Question } from '../../shared/dialogs/confirm';

/** Returns the confirmation for users who disable themselves. */
export function disableSelfQuestion({ userPage }: Texts): Question {
  const { heading, effect, after, action } = userPage.disableSelf;
  return { heading, consequences: [effect, after], action };
}

/** Returns the confirmation for revoking all tokens of a user. */
export function revokeTokensQuestion(
  { name, tokenCount }: UserDto,
  isSelf: boolean,
  { userPage }: Texts,
): Question {
  const { heading, effect, own, after, action } = userPage.endTokensQuestion;
  return {
    heading: heading(name),
    consequences: [effect(tokenCount), ...(isSelf ? [own] : []), after],
    action,
  };
}

/**
 * Returns the confirmation for deleting a user, whose name has to be typed.
 *
 * @param descendants number of tokens of other users that were created with the user's tokens.
 * @param isKept whether these are kept, for the checkbox.
 */
export function deletionQuestion(
  { name, tokenCount }: UserDto,
  descendants: number,
  isKept: ConfirmOption['isChecked'],
  isSelf: boolean,
  { userPage }: Texts,
): Question {
  const { heading, effect, ofOthers, keep, own, after, action } = userPage.deleteQuestion;
  return {
    heading: heading(name),
    consequences: [
      effect(tokenCount),
      ...(descendants > 0 ? [ofOthers(descendants)] : []),
      ...(isSelf ? [own] : []),
      after,
    ],
    action,
    ...(descendants > 0 && { option: { label: keep, member: 'keepDescendants', isChecked: isKept } }),
    typed: name,
  };
}
