import { type ClassConstructor, plainToInstance, Transform } from 'class-transformer';

/**
 * Converts an object, or a list of objects, to instances of a class, so that `ValidateNested` finds its
 * rules. It replaces `Type` of class-transformer, which needs type metadata that browsers lack.
 */
export function Nested<T>(type: () => ClassConstructor<T>): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => plainToInstance(type(), value), { toClassOnly: true });
}
