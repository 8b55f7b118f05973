import type { UserDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';
import type { Choice, Question } from '../../shared/dialogs/confirm';

/** The question before somebody shuts themselves out. */
export function disableSelfQuestion({ userPage }: Texts): Question {
  const { heading, effect, after, action } = userPage.disableSelf;
  return { heading, consequences: [effect, after], action };
}

/** The question before all tokens of a user end. */
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
 * The question before a user is deleted, whose name has to be typed.
 *
 * @param descendants how many tokens of others were created with the user's tokens.
 * @param isKept whether these are kept, for the person to choose.
 */
export function deletionQuestion(
  { name, tokenCount }: UserDto,
  descendants: number,
  isKept: Choice['isChosen'],
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
    ...(descendants > 0 && { choice: { label: keep, member: 'keepDescendants', isChosen: isKept } }),
    typed: name,
  };
}
