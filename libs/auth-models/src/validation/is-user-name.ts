import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { unusualCharacterIn } from './identifiers/unusual-characters.js';
import { canonicalUserName } from './user-name.js';

/** Accepts every spelling of a user name that {@link canonicalUserName} accepts. */
export function IsUserName(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isUserName',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && canonicalUserName(value) !== null,
        defaultMessage: buildMessage(
          () =>
            '$property must be 1 to 64 letters, digits or . _ - @ + of one script, and start with a letter or digit; "me" and "bulk" are reserved',
        ),
      },
    },
    options,
  );
}

/**
 * Accepts names for new users: rejects characters that are not allowed in identifiers (UTS #39). Put {@link IsUserName} first, which
 * accepts the names of existing users as well.
 */
export function HasUsualCharacters(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'hasUsualCharacters',
      validator: {
        validate: (value: unknown) => unusualIn(value) === undefined,
        defaultMessage: (validated) =>
          `${validated?.property} contains ${described(unusualIn(validated?.value))}, which is not allowed in identifiers because it can look like another letter; use the usual letters of a language`,
      },
    },
    options,
  );
}

function unusualIn(value: unknown): string | undefined {
  return unusualCharacterIn((typeof value === 'string' && canonicalUserName(value)) || '');
}

/** Returns characters with their code points. */
function described(characters = ''): string {
  const codes = [...characters].map(
    (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `${characters} (${codes.join(' ')})`;
}
