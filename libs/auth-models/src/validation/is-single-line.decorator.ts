import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * Control characters and line ends, on which logs break; and format characters that show nothing: U+202E makes a name read
 * backwards, and others hide text. The two joiners are accepted, as emoji and several scripts need them.
 */
const NOT_IN_A_LINE =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufff8\\ufff9-\\ufffb';

/** Halves of surrogate pairs, which PostgreSQL does not store, and tags, a second alphabet that shows nothing. */
const REFUSED = new RegExp(`[${NOT_IN_A_LINE}\\p{Cs}\\u{E0000}-\\u{E007F}]`, 'u');

/** The same as a pattern that JSON Schema validators of other languages can read. */
export const SINGLE_LINE_PATTERN = `^[^${NOT_IN_A_LINE}]*$`;

/** Checks that a text is one line of visible, whole characters, which every database stores and every list can show. */
export function IsSingleLine(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSingleLine',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !REFUSED.test(value),
        defaultMessage: buildMessage(
          () => '$property must be one line without control or invisible formatting characters',
        ),
      },
    },
    options,
  );
}
