import { ValidateIf, type ValidationOptions } from 'class-validator';

/** Lets a member of a merge patch be left out, which changes nothing, or be `null`, which removes the value (RFC 7396). */
export function Clearable(options?: ValidationOptions): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined && value !== null, options);
}
