import { registerDecorator } from 'class-validator';

/**
 * Says of a change's class that one thing cannot be changed, and why: whoever sends it is told more than that there is
 * no such member. The class itself has none.
 */
export function NeverChanges(member: string, reason: string): ClassDecorator {
  return (target) =>
    registerDecorator({
      name: 'neverChanges',
      target,
      propertyName: member,
      options: { message: reason },
      validator: { validate: (value: unknown) => value === undefined },
    });
}
