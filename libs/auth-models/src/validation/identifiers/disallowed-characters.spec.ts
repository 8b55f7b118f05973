import { canonicalUserName } from '../user-name.js';
import { disallowedCharacterIn } from './disallowed-characters.js';

describe('disallowedCharacterIn', () => {
  it.each([
    'admin',
    '1st-user_2+x@example.org',
    'ünal',
    'ırmak',
    'i̇brahim',
    'νίκος',
    'юрій',
    '暗号するキー',
    '佐々木',
    '中文ㄅ',
    '한국漢',
    'हिन्दी',
    'محمد٣',
    'דוד7',
    'ភាសា',
    'ไทย',
  ])('returns nothing for the name %s', (name) => {
    expect(canonicalUserName(name)).toBe(name);
    expect(disallowedCharacterIn(name)).toBeUndefined();
  });

  it.each([
    ['a small capital', 'ᴍin', 'ᴍ'],
    ['a dotless i with a dot', 'mı\u0307n', 'ı\u0307'],
    ['a dotless i with a dot and another mark', 'mı\u0323\u0307n', 'ı\u0323\u0307'],
    ['a phonetic letter', 'ɑdmin', 'ɑ'],
    ['a click letter', 'pauǀ', 'ǀ'],
    ['a historic letter', 'ſt'.replace('ſ', 'ƿ'), 'ƿ'],
    ['a combining overlay', 'o\u0334', '\u0334'],
    ['a modifier letter', 'nˮ', 'ˮ'],
  ])('returns %s', (_, name, character) => {
    expect(canonicalUserName(name)).toBe(name);
    expect(disallowedCharacterIn(name)).toBe(character);
  });

  it('returns an unassigned character', () => {
    expect(disallowedCharacterIn('a\u0378')).toBe('\u0378');
  });
});
