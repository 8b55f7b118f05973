import { ValidateIf, type ValidationOptions } from 'class-validator';

/** Lets a member be left out. `null` is not "left out": it is validated like any other value, and refused. */
export function Omittable(options?: ValidationOptions): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined, options);
}
