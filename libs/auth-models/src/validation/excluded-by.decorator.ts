import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** Checks that a member is not sent together with another one that says the same in another way. */
export function ExcludedBy(other: string, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'excludedBy',
      constraints: [other],
      validator: {
        validate: (_value, args) => (args?.object as Record<string, unknown>)[other] === undefined,
        defaultMessage: buildMessage(() => `send $property or ${other}, not both`),
      },
    },
    options,
  );
}
