import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** Control characters, line ends and halves of surrogate pairs: PostgreSQL stores not all of them, and logs break on some. */
const NOT_IN_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** The same characters as a pattern without property escapes, which JSON Schema validators of other languages cannot read. */
export const SINGLE_LINE_PATTERN = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';

/** Checks that a text is one line of whole characters, which every database stores and every list can show. */
export function IsSingleLine(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSingleLine',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !NOT_IN_A_LINE.test(value),
        defaultMessage: buildMessage(() => '$property must be one line without control characters'),
      },
    },
    options,
  );
}
