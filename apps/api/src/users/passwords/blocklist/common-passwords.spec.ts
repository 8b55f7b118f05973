import { beforeAll, describe, expect, it } from '@jest/globals';
import { CommonPasswords } from './common-passwords.js';
import { fold } from './weakness.js';

let list: CommonPasswords;
let entries: string[];

beforeAll(async () => {
  list = await CommonPasswords.load();
  entries = [...list];
});

describe('CommonPasswords', () => {
  it('has over 300,000 entries, over 20,000 of them with at least the default minimum length', () => {
    expect(entries.length).toBeGreaterThan(300_000);
    expect(entries.filter((entry) => [...entry].length >= 15).length).toBeGreaterThan(20_000);
  });

  it('has each folded entry once, in the order of the search, which finds every hundredth', () => {
    // No entry has a character that UTF-8 and UTF-16 sort differently.
    const isInOrder = (entry: string, index: number) => index === 0 || entry > (entries[index - 1] ?? '');

    expect(entries.filter((entry, index) => fold(entry) !== entry || !isInOrder(entry, index))).toEqual([]);
    expect(entries.filter((entry, index) => index % 100 === 0 && !list.has(entry))).toEqual([]);
  });

  it('has no e-mail addresses', () => {
    expect(entries.filter((entry) => /^[^ @]+@[^ @]+\.[a-z]+$/.test(entry))).toEqual([]);
  });

  it.each([
    ['a text before the first entry', ' '],
    ['a text after the last entry', '\u{10ffff}'],
    ['an empty text', ''],
    ['the beginning of an entry', '1qaz2wsx3edc4rf'],
    ['more than an entry', '1qaz2wsx3edc4rfv7'],
    ['two entries with the line feed between them', 'password\npassword1'],
  ])('does not have %s', (_, text) => {
    expect(list.has(text)).toBe(false);
  });
});
