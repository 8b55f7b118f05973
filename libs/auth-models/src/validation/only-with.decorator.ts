import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** Checks that a member is sent only where another one has a value that gives it a meaning. */
export function OnlyWith(
  other: string,
  values: readonly unknown[],
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name: 'onlyWith',
      validator: {
        validate: (_value, args) => values.includes((args?.object as Record<string, unknown>)[other]),
        defaultMessage: buildMessage(
          () => `$property has a meaning only if ${other} is ${values.join(' or ')}`,
        ),
      },
    },
    options,
  );
}
