import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
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
