import { Transform } from 'class-transformer';

/**
 * Converts `true` and `false` in a query string to booleans and leaves other texts for the validators to
 * reject.
 */
export function ParseBoolean(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}

/** Converts an integer in a query string to a number and leaves other texts for the validators to reject. */
export function ParseInteger(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d+$/.test(value) ? toSafeInteger(Number(value)) : value,
  );
}

/** Keeps any number of digits an integer, so that the message is that it is too large. */
function toSafeInteger(value: number): number {
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/**
 * Applies {@link ParseBoolean} or {@link ParseInteger} to members that a class inherits from the body of a
 * request.
 */
export function ParseInherited(parse: PropertyDecorator, ...members: string[]): ClassDecorator {
  return ({ prototype }) => members.forEach((member) => parse(prototype as object, member));
}
