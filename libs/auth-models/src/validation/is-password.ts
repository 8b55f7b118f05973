import { buildMessage, ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from '../limits.js';
import { combine } from './combine.js';
import { hasPasswordForm, isHashablePassword, passwordLength } from './password.js';
import { policyOf } from './policy.js';

/**
 * Accepts a valid new password: {@link isPassword}, by the policy that {@link withPolicy} sets for the
 * object. There are no composition rules (NIST SP 800-63B-4, section 3.1.1.2).
 */
export function IsPassword(options?: ValidationOptions): PropertyDecorator {
  const minLength = (args?: ValidationArguments) => policyOf(args?.object).password.minLength;
  return combine(
    ValidateBy(
      {
        name: 'isPassword',
        validator: {
          validate: hasPasswordForm,
          defaultMessage: buildMessage(
            (_, args) =>
              `$property must have ${minLength(args)} to ${PASSWORD_MAX_LENGTH} printable characters`,
          ),
        },
      },
      options,
    ),
    ValidateBy(
      {
        name: 'passwordTooShort',
        validator: {
          validate: (value, args) => !hasPasswordForm(value) || passwordLength(value) >= minLength(args),
          defaultMessage: buildMessage(
            (_, args) => `$property must have at least ${minLength(args)} characters`,
          ),
        },
      },
      options,
    ),
  );
}

/** Accepts an existing password that is short enough to be hashed: {@link isHashablePassword}. */
export function IsHashablePassword(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isHashable',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isHashablePassword(value),
        defaultMessage: buildMessage(() => `$property must not be longer than ${PASSWORD_MAX_BYTES} bytes`),
      },
    },
    options,
  );
}
