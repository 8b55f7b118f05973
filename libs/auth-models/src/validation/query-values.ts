import { Transform } from 'class-transformer';

/** Reads `true` and `false` of a query string; anything else is left for the validator to refuse. */
export function ParseBoolean(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}

/** Reads a whole number of a query string; anything else is left for the validator to refuse. */
export function ParseInteger(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d+$/.test(value) ? nearest(Number(value)) : value,
  );
}

/** However many digits it had, so that what is said of it is that it is too large. */
function nearest(value: number): number {
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
