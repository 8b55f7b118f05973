import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { canonicalUserName } from './canonical-name.js';

/** Checks that a text can be a user's name in some spelling; see {@link canonicalUserName}. */
export function IsUserName(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isUserName',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && canonicalUserName(value) !== null,
        defaultMessage: buildMessage(
          () =>
            '$property must be 1 to 64 letters, digits or . _ - @ + in one script, beginning with a letter or digit, and not "me" or "bulk"',
        ),
      },
    },
    options,
  );
}
