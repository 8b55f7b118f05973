import { registerDecorator } from 'class-validator';

/** Refuses a member that a class does not have, with more to say than that there is none; `rule` is what that is called. */
export function refuseMember(rule: RefusingRule, member: string, message: string): ClassDecorator {
  return (target) =>
    registerDecorator({
      name: rule,
      target,
      propertyName: member,
      options: { message },
      validator: { validate: (value: unknown) => value === undefined },
    });
}

const REFUSING_RULES = ['neverChanges', 'changedElsewhere'] as const;

/** A rule of a member that a class does not have. */
export type RefusingRule = (typeof REFUSING_RULES)[number];

/** Whether a rule refuses a member, whatever its value is. */
export function isRefusingRule(rule: string | undefined): boolean {
  return (REFUSING_RULES as readonly (string | undefined)[]).includes(rule);
}
