import { IsOptionalNonNull, NewUserDto } from '@latchkey/auth-models';
import { buildMessage, ValidateBy, type ValidationArguments } from 'class-validator';
import { flawOfHash } from '../../platform/crypto/password-schemes.js';

/** Validates a password hash of another system. */
export function IsPasswordHash(): PropertyDecorator {
  return ValidateBy({
    name: 'isPasswordHash',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && flawOfHash(value) === undefined,
      // The message does not repeat the value, which may be a password in the wrong column.
      defaultMessage: buildMessage((_each, args?: ValidationArguments) => {
        const value: unknown = args?.value;
        return `$property ${(typeof value === 'string' && flawOfHash(value)) || 'is not text'}`;
      }),
    },
  });
}

/** User from another system, with a password hash instead of a password. */
export class ImportedUser extends NewUserDto {
  /** Hash from the other system, replaced at the first login. Absent = the user cannot log in yet. */
  @IsOptionalNonNull()
  @IsPasswordHash()
  passwordHash?: string;
}
