import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * Control characters and line separators, which break log lines, and invisible format characters: U+202E
 * reverses the text that follows, and others hide text. The two joiners are allowed, because emoji and
 * several scripts need them.
 */
const NOT_IN_A_LINE =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufff8\\ufff9-\\ufffb';

/**
 * Also unpaired surrogates, which PostgreSQL does not store, and tag characters, an invisible second
 * alphabet.
 */
const REJECTED = new RegExp(`[${NOT_IN_A_LINE}\\p{Cs}\\u{E0000}-\\u{E007F}]`, 'u');

/** Pattern for JSON Schema validators of other languages, which do not support property escapes. */
export const SINGLE_LINE_PATTERN = `^[^${NOT_IN_A_LINE}]*$`;

/** Accepts one line of text without control, invisible formatting or broken characters. */
export function IsSingleLine(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSingleLine',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !REJECTED.test(value),
        defaultMessage: buildMessage(
          () => '$property must be one line without control or invisible formatting characters',
        ),
      },
    },
    options,
  );
}
