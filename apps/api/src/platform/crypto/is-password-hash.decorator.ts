import { buildMessage, ValidateBy, type ValidationArguments } from 'class-validator';
import { flawOfHash } from './password-schemes.js';

/** Checks a password hash of another system: log-ins can be checked against it. */
export function IsPasswordHash(): PropertyDecorator {
  return ValidateBy({
    name: 'isPasswordHash',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && flawOfHash(value) === undefined,
      // The value itself is not repeated: it may be a password in the wrong column.
      defaultMessage: buildMessage((_each, args?: ValidationArguments) => {
        const value: unknown = args?.value;
        return `$property ${(typeof value === 'string' && flawOfHash(value)) || 'is no text'}`;
      }),
    },
  });
}
