import { type ValidationError } from 'class-validator';

/** The one thing that is said of a member that was refused. */
export interface FailedRule {
  /** Name of the rule; `missing` if the member was not sent. */
  rule: string;
  message: string;
}

/**
 * What is wrong with a member in the first place: that it is missing, or else the first of its rules that it breaks, in the
 * order of the decorators. Classes state the type first, so that a wrong type is not told by all that follows from it.
 *
 * @returns `null` if nothing is wrong with the member itself, but with what it holds.
 */
export function firstFailedRule({ property, value, constraints = {} }: ValidationError): FailedRule | null {
  if (Object.keys(constraints).length === 0) {
    return null;
  }
  if (value === undefined) {
    return { rule: 'missing', message: constraints['missing'] ?? `${property} is missing` };
  }
  // Decorators are applied from the last to the first; only the nested rule is always checked after all others.
  const own = Object.entries(constraints).filter(([rule]) => rule !== 'nestedValidation');
  const [rule, message] = own.at(-1) ?? ['nestedValidation', `${property} must be an object`];
  return { rule, message };
}
