import { type ValidationError } from 'class-validator';

/** Rule that a member breaks. */
export interface FailedRule {
  /** Name of the rule, such as `isEmail`. It is `missing` if the member was not sent. */
  rule: string;
  message: string;
}

/**
 * Returns the first rule that a member breaks, in the order of its decorators, or `null` if only its own
 * members are invalid. DTOs put the type first, so that a value of the wrong type is not reported once for
 * each rule.
 *
 * @param error the member, from class-validator.
 */
export function firstFailedRule({ property, value, constraints = {} }: ValidationError): FailedRule | null {
  if (Object.keys(constraints).length === 0) {
    return null;
  }
  if (value === undefined) {
    return { rule: 'missing', message: constraints['missing'] ?? `${property} is missing` };
  }
  // Decorators run from the last to the first. Only the nested rule always runs after all others.
  const own = Object.entries(constraints).filter(([rule]) => rule !== 'nestedValidation');
  const [rule, message] = own.at(-1) ?? ['nestedValidation', `${property} must be an object`];
  return { rule, message };
}
