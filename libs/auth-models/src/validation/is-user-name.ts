import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { disallowedCharacterIn } from './identifiers/disallowed-characters.js';
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
 * Accepts names for new users: rejects characters that are not allowed in identifiers (UTS #39). Put
 * {@link IsUserName} first: it also accepts the names of existing users.
 */
export function HasAllowedCharacters(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'hasAllowedCharacters',
      validator: {
        validate: (value: unknown) => disallowedIn(value) === undefined,
        defaultMessage: (validated) =>
          `${validated?.property} contains ${described(disallowedIn(validated?.value))}, which is not allowed in identifiers because it can look like another letter; use standard letters`,
      },
    },
    options,
  );
}

function disallowedIn(value: unknown): string | undefined {
  return disallowedCharacterIn((typeof value === 'string' && canonicalUserName(value)) || '');
}

/** Returns characters with their code points. */
function described(characters = ''): string {
  const codes = [...characters].map(
    (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `${characters} (${codes.join(' ')})`;
}
