import { USER_NAME_MAX_LENGTH } from '../limits.js';

/** Full-width and half-width forms, which RFC 8265, section 3.3.2, maps to their ordinary width. */
const WIDTH_VARIANTS = /[\u3000\uFF01-\uFFEF]/gu;

/** Letters, combining marks, digits and the allowed signs. The first is a letter or digit. */
const SHAPE = /^[\p{L}\p{Nd}][\p{L}\p{Mn}\p{Mc}\p{Nd}._@+-]*$/u;

/**
 * Pattern that every spelling of every user name matches. {@link canonicalUserName} rejects more, such as
 * letters of two scripts. The pattern has no property escapes, because JSON Schema validators of other
 * languages do not support them.
 */
export const USER_NAME_PATTERN = '^([0-9A-Za-z]|[^\\u0000-\\u009f])([0-9A-Za-z._@+-]|[^\\u0000-\\u009f])*$';

/**
 * Invisible characters that would make two names differ, such as variation selectors (RFC 8264, section
 * 9.13).
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** Words that have a meaning in paths. */
const RESERVED = new Set(['me', 'bulk']);

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}]/u;
const LETTER_FIRST_WORD_CHARACTER_LAST = /^\p{L}.*[\p{L}\p{M}\p{Nd}]$|^\p{L}$/u;

/** Recommended scripts of Unicode Standard Annex 31, table 5. Letters of other scripts are rejected. */
const SINGLE_SCRIPTS = [
  'Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil',
  'Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Ethiopic',
]
  .join(' ')
  .split(' ')
  .map((script) => [script]);

/** Scripts that one language combines (Unicode Technical Standard 39, section 5.1). */
const COMBINED_SCRIPTS = [
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
];

const WRITING_SYSTEMS = [...SINGLE_SCRIPTS, ...COMBINED_SCRIPTS].map(
  (scripts) =>
    new RegExp(
      `^[${[...scripts, 'Common', 'Inherited'].map((script) => `\\p{scx=${script}}`).join('')}]+$`,
      'u',
    ),
);

/**
 * Returns the canonical form of a user name, or `null` if the text is not a valid name. The server stores,
 * compares and audits names in this form: RFC 8265 UsernameCaseMapped (width mapped, lower case, NFC), 1 to
 * 64 letters, digits or `. _ - @ +` of one writing system.
 */
export function canonicalUserName(text: string): string | null {
  if (text.length > 4 * USER_NAME_MAX_LENGTH) {
    return null;
  }
  const ordinaryWidth = text.replace(WIDTH_VARIANTS, (character) => character.normalize('NFKC'));
  const name = ordinaryWidth.toLowerCase().normalize('NFC');
  return isCanonical(name) ? name : null;
}

function isCanonical(name: string): boolean {
  return (
    SHAPE.test(name) &&
    !INVISIBLE.test(name) &&
    // RFC 8264, section 9.17: ligatures, mathematical letters and the like only look like another name.
    name.normalize('NFKC') === name &&
    [...name].length <= USER_NAME_MAX_LENGTH &&
    !RESERVED.has(name) &&
    WRITING_SYSTEMS.some((writingSystem) => writingSystem.test(name)) &&
    // RFC 5893, section 2: a right-to-left text starts with a letter and ends with a letter or digit.
    (!RIGHT_TO_LEFT.test(name) || LETTER_FIRST_WORD_CHARACTER_LAST.test(name))
  );
}
