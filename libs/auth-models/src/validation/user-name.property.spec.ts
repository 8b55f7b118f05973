import fc from 'fast-check';
import { anyCharacter, expectEqual, runs } from '../../../../test/support/unit/property-testing.js';
import { USER_NAME_MAX_LENGTH } from '../limits.js';
import { canonicalUserName, USER_NAME_PATTERN } from './user-name.js';

const ALPHABETS = [
  'aZé\u0308ßİıſ09._-@+ＡｚＫ',
  'αΩςΣΐ\u0301',
  'яЁй\u0306Іґ',
  '漢かカｶﾞー',
  'א\u05B8ת0.',
  'عربي٣',
];
const written = (alphabet: string, maxLength = 12) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength });
const nameLike = fc.oneof(
  ...ALPHABETS.map((alphabet) => written(alphabet)),
  fc.string({ unit: anyCharacter, maxLength: 4 }),
);

const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
const fullWidth = (letter: string) =>
  letter === ' ' ? '\u3000' : String.fromCharCode(letter.charCodeAt(0) + 0xfee0);
/** Spellings of a letter: unchanged, upper case, decomposed, full width, and combinations. */
const SPELLINGS: ((letter: string) => string)[] = [
  (letter) => letter,
  (letter) => letter.toUpperCase(),
  (letter) => letter.normalize('NFD'),
  (letter) => (letter < '\u007f' ? fullWidth(letter) : letter),
  (letter) => (letter < '\u007f' ? fullWidth(letter.toUpperCase()) : letter.toUpperCase().normalize('NFD')),
];

describe('canonicalUserName, for any text', () => {
  it('returns the same name when applied twice', () => {
    fc.assert(
      fc.property(nameLike, (text) => {
        const name = canonicalUserName(text);

        expectEqual(name === null ? null : canonicalUserName(name), name);
      }),
      runs(2_000),
    );
  });

  it('accepts only texts that match the pattern in the OpenAPI document', () => {
    const pattern = new RegExp(USER_NAME_PATTERN, 'u');

    fc.assert(
      fc.property(nameLike, (text) => {
        expectEqual(canonicalUserName(text) === null || pattern.test(text), true);
      }),
      runs(2_000),
    );
  });

  it('returns the same name for composed and decomposed spellings', () => {
    fc.assert(
      fc.property(nameLike, (text) => {
        expectEqual(canonicalUserName(text.normalize('NFD')), canonicalUserName(text.normalize('NFC')));
      }),
      runs(2_000),
    );
  });

  it('returns the same name for any mixture of upper case, full width and decomposed letters', () => {
    const letters = fc.array(fc.tuple(fc.constantFrom(...'abz09._@+-éüñ'), fc.constantFrom(...SPELLINGS)), {
      minLength: 1,
      maxLength: USER_NAME_MAX_LENGTH,
    });

    fc.assert(
      fc.property(letters, (spelt) => {
        const plain = spelt.map(([letter]) => letter).join('');
        const other = spelt.map(([letter, spell]) => spell(letter)).join('');

        expectEqual(canonicalUserName(other), canonicalUserName(plain));
        expectEqual([plain, null].includes(canonicalUserName(plain)), true);
      }),
      runs(1_000),
    );
  });

  it('accepts exactly the documented ASCII characters, and lowers their case', () => {
    fc.assert(
      fc.property(fc.oneof(written(ASCII, 4), written('mMeEbulkBA0.@', 66)), (text) => {
        const lower = [...text]
          .map((letter) => (/[A-Z]/.test(letter) ? letter.toLowerCase() : letter))
          .join('');
        const isTaken = /^[a-z0-9][a-z0-9._@+-]{0,63}$/.test(lower) && !['me', 'bulk'].includes(lower);

        expectEqual(canonicalUserName(text), isTaken ? lower : null);
      }),
      runs(2_000),
    );
  });

  it('returns a short, composed, lower-case name without colons, control and replacement characters', () => {
    fc.assert(
      fc.property(nameLike, (text) => {
        const name = canonicalUserName(text) ?? 'none';

        expectEqual(name, name.normalize('NFKC').toLowerCase());
        expectEqual(/[:\p{Cc}\p{Cs}\p{Z}\p{Lu}\ufffd]/u.test(name), false);
        expectEqual([...name].length <= USER_NAME_MAX_LENGTH, true);
      }),
      runs(2_000),
    );
  });
});
