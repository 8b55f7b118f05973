import { Transform } from 'class-transformer';

/** Reads `true` and `false` of a query string; anything else is left for the validator to refuse. */
export function BooleanParameter(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}

/** Reads a whole number of a query string; anything else is left for the validator to refuse. */
export function IntegerParameter(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );
}
