import {
  buildMessage,
  registerDecorator,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';

/**
 * Skips the other validators when a member is `undefined`. Unlike `IsOptional`, it does not accept `null`.
 */
export function IsOptionalNonNull(options?: ValidationOptions): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined, options);
}

/** Rejects `undefined` with a message that says what to send. */
export function Required(message: string): PropertyDecorator {
  return ValidateBy(
    { name: 'missing', validator: { validate: (value: unknown) => value !== undefined } },
    { message },
  );
}

/** Rejects a member that is sent together with another one. */
export function MutuallyExclusiveWith(other: string, options?: ValidationOptions): PropertyDecorator {
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

/** Rejects a member unless another one has one of these values. */
export function AllowedIf(
  other: string,
  values: readonly unknown[],
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name: 'onlyWith',
      validator: {
        validate: (_value, args) => values.includes((args?.object as Record<string, unknown>)[other]),
        defaultMessage: buildMessage(() => `$property is allowed only if ${other} is ${values.join(' or ')}`),
      },
    },
    options,
  );
}

const REJECTION_RULES = ['neverChanges', 'changedElsewhere'] as const;

/**
 * Rejects a member that a class does not have, with a more specific message than "unknown member".
 *
 * @param rule `neverChanges` for a value that cannot be changed, `changedElsewhere` for one that another
 *   route changes.
 */
export function RejectMember(
  member: string,
  rule: (typeof REJECTION_RULES)[number],
  message: string,
): ClassDecorator {
  return (target) =>
    registerDecorator({
      name: rule,
      target,
      propertyName: member,
      options: { message },
      validator: { validate: (value: unknown) => value === undefined },
    });
}

/** Whether a rule comes from {@link RejectMember}, so that the class does not have the member. */
export function isRejectionRule(rule: string | undefined): boolean {
  return (REJECTION_RULES as readonly (string | undefined)[]).includes(rule);
}
