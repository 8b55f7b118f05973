import { ValidateBy } from 'class-validator';

/** Says of a member that has to be sent what to send, where that its name is missing would not tell enough. */
export function Required(message: string): PropertyDecorator {
  return ValidateBy(
    { name: 'missing', validator: { validate: (value: unknown) => value !== undefined } },
    { message },
  );
}
