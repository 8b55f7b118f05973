import { type ClassConstructor, plainToInstance, Transform } from 'class-transformer';

/**
 * Makes what a member holds, one object or several, instances of a class, so that `ValidateNested` finds its rules. Does what
 * class-transformer's `Type` does, which asks for the types of decorated members: browsers and plain scripts do not know them.
 */
export function Nested<T>(type: () => ClassConstructor<T>): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => plainToInstance(type(), value), { toClassOnly: true });
}
