/** Combines decorators. They run in the same order as if they were written one by one above a member. */
export function combine(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, member) => decorators.toReversed().forEach((decorate) => decorate(target, member));
}
