import { validateSync } from 'class-validator';
import { IsSingleLine, SINGLE_LINE_PATTERN } from './single-line.js';

class Form {
  @IsSingleLine()
  text: unknown;
}

const isAccepted = (text: unknown) => validateSync(Object.assign(new Form(), { text })).length === 0;

describe('IsSingleLine', () => {
  it.each(['', 'Anne-Marie O’Neill', '暗号', '👩‍👧 family', '=1+1'])('accepts %j', (text) => {
    expect(isAccepted(text)).toBe(true);
  });

  it.each(['a\0', 'a\nb', 'a\r', 'a\tb', 'a\u001B[31m', 'a\u0085', 'a\u2028b', 'a\uD83D', '\uDE00a'])(
    'rejects %j',
    (text) => {
      expect(isAccepted(text)).toBe(false);
    },
  );

  it.each(['نامه\u200Cای', 'क्\u200Dष'])('accepts the joiners that some scripts need: %s', (text) => {
    expect(isAccepted(text)).toBe(true);
  });

  it.each([
    '\u061C',
    '\u200E',
    '\u202A',
    '\u202E',
    '\u2066',
    '\u2069',
    '\u00AD',
    '\u2060',
    '\uFEFF',
    '\u{E0041}',
  ])('rejects the format character %j', (character) => {
    expect(isAccepted(`a${character}b`)).toBe(false);
  });

  it.each([undefined, null, 1, ['a']])('rejects %p, which is not a string', (value) => {
    expect(isAccepted(value)).toBe(false);
  });
});

describe('SINGLE_LINE_PATTERN', () => {
  it('matches exactly the characters that IsSingleLine accepts, except unpaired surrogates', () => {
    const pattern = new RegExp(SINGLE_LINE_PATTERN);
    const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
    const characters = Array.from({ length: 0x10000 }, (_, code) => code)
      .filter((code) => !isSurrogate(code))
      .map((code) => String.fromCharCode(code));
    const matching = characters.filter((character) => pattern.test(character));
    const others = characters.filter((character) => !pattern.test(character));

    // One text, because a validation takes longer than a match.
    expect(isAccepted(matching.join(''))).toBe(true);
    expect(others.filter(isAccepted)).toEqual([]);
    expect(others.length).toBeGreaterThan(50);
  });
});
