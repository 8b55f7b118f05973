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

  it('has each folded entry once, where the search finds it', () => {
    expect(new Set(entries).size).toBe(entries.length);
    expect(entries.filter((entry) => fold(entry) !== entry || !list.has(entry))).toEqual([]);
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
