import { USER_NAME_MAX_LENGTH } from '../limits.js';
import { canonicalUserName } from './user-name.js';

describe('canonicalUserName', () => {
  it.each([
    ['admin', 'admin'],
    ['ADMIN', 'admin'],
    ['ａｄｍｉｎ', 'admin'],
    ['ＡＤＭＩＮ', 'admin'],
    ['alice＠example．org', 'alice@example.org'],
    ['Ünal', 'ünal'],
    ['U\u0308nal', 'ünal'],
    ['ａ\u0308nne', 'änne'],
    ['\u212Aelvin', 'kelvin'],
    ['ΝΊΚΟΣ', 'νίκος'],
    ['1st-user_2+x', '1st-user_2+x'],
  ])('returns for %j the name %j', (text, name) => {
    expect(canonicalUserName(text)).toBe(name);
  });

  it.each([
    ['half-width katakana', 'ﾀﾅｶ', 'タナカ'],
    ['half-width sound marks', 'ｶﾞ', 'ガ'],
    ['kanji, hiragana and katakana side by side', '暗号するキー', '暗号するキー'],
    ['Chinese with Bopomofo', '中文ㄅ', '中文ㄅ'],
    ['Korean with Han', '한국漢', '한국漢'],
    ['Devanagari with its vowel signs', 'हिन्दी', 'हिन्दी'],
    ['Arabic', 'محمد', 'محمد'],
    ['Hebrew ending with a digit', 'דוד7', 'דוד7'],
  ])('accepts %s', (_what, text, name) => {
    expect(canonicalUserName(text)).toBe(name);
  });

  it.each([
    ['Cyrillic а among Latin letters', 'p\u0430ypal'],
    ['Greek ο among Latin letters', 'g\u03BFogle'],
    ['Latin among Japanese', '田中a'],
    ['kana among Hangul', '한カ'],
    ['a historic script', '𐌰𐌱'],
  ])('rejects mixed or unusual scripts: %s', (_what, text) => {
    expect(canonicalUserName(text)).toBeNull();
  });

  it.each([
    ['a colon', 'a:b'],
    ['a full-width colon', 'a：b'],
    ['a space', 'a b'],
    ['an ideographic space', 'a\u3000b'],
    ['NUL', 'a\0b'],
    ['a line feed', 'admin\n'],
    ['DEL', 'a\u007Fb'],
    ['a C1 control', 'a\u0085b'],
    ['a slash', 'a/b'],
    ['an apostrophe', "o'neill"],
    ['an emoji', 'a😀'],
    ['an unpaired surrogate', 'a\uD83D'],
  ])('rejects %s', (_what, text) => {
    expect(canonicalUserName(text)).toBeNull();
  });

  it.each([
    ['zero-width space', '\u200B'],
    ['zero-width joiner', '\u200D'],
    ['right-to-left override', '\u202E'],
    ['soft hyphen', '\u00AD'],
    ['byte order mark', '\uFEFF'],
    ['variation selector', '\uFE0F'],
    ['variation selector supplement', '\u{E0100}'],
    ['combining grapheme joiner', '\u034F'],
  ])('rejects the invisible %s', (_what, character) => {
    expect(canonicalUserName(`admin${character}`)).toBeNull();
  });

  it.each(['\u1160', '\u3164', '\uFFA0'])('rejects the invisible Hangul filler %j', (filler) => {
    expect(canonicalUserName(filler)).toBeNull();
    expect(canonicalUserName(`한${filler}`)).toBeNull();
  });

  it.each([
    ['a ligature', 'ﬁnn'],
    ['mathematical bold', '𝐚𝐝𝐦𝐢𝐧'],
    ['a superscript', 'ªdmin'],
    ['the long s', 'ſam'],
    ['an enclosing circle', 'a\u20DD'],
  ])('rejects %s, which only looks like another name', (_what, text) => {
    expect(canonicalUserName(text)).toBeNull();
  });

  it.each(['', '.', '..', '.a', '-a', '_a', '@a', '+a', '\u0308a'])(
    'rejects %j, which does not start with a letter or digit',
    (text) => {
      expect(canonicalUserName(text)).toBeNull();
    },
  );

  it.each(['me', 'ME', 'ｍｅ', 'bulk', 'Bulk'])('rejects the reserved word %j', (text) => {
    expect(canonicalUserName(text)).toBeNull();
  });

  it.each(['meg', 'me.', 'me2', 'bulky'])('accepts %j, which only starts like a reserved word', (text) => {
    expect(canonicalUserName(text)).toBe(text);
  });

  it.each(['1דוד', 'דוד.', 'דוד-'])(
    'rejects the right-to-left name %j, whose ends could be displayed swapped',
    (text) => {
      expect(canonicalUserName(text)).toBeNull();
    },
  );

  describe('length in code points of the canonical form', () => {
    it.each([
      ['ASCII', 'a'],
      ['decomposed letters', 'a\u0308'],
      ['full-width letters', 'ａ'],
      ['letters outside the basic plane', '𠮷'],
    ])('accepts the maximum of %s, and rejects one more', (_what, letter) => {
      expect([...(canonicalUserName(letter.repeat(USER_NAME_MAX_LENGTH)) ?? '')]).toHaveLength(
        USER_NAME_MAX_LENGTH,
      );
      expect(canonicalUserName(letter.repeat(USER_NAME_MAX_LENGTH + 1))).toBeNull();
    });

    it('rejects a very long text immediately', () => {
      expect(canonicalUserName('a\u0308'.repeat(1_000_000))).toBeNull();
    });
  });
});
