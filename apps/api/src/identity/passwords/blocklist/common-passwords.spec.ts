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
  it('holds over 300,000, of which over 20,000 are long enough for every server', () => {
    expect(entries.length).toBeGreaterThan(300_000);
    expect(entries.filter((entry) => [...entry].length >= 15).length).toBeGreaterThan(20_000);
  });

  it('holds every entry once, folded, where the search finds it', () => {
    expect(new Set(entries).size).toBe(entries.length);
    expect(entries.filter((entry) => fold(entry) !== entry || !list.has(entry))).toEqual([]);
  });

  it('holds no e-mail address', () => {
    expect(entries.filter((entry) => /^[^ @]+@[^ @]+\.[a-z]+$/.test(entry))).toEqual([]);
  });

  it.each([
    ['what is before the first', ' '],
    ['what is behind the last', '\u{10ffff}'],
    ['nothing', ''],
    ['the beginning of an entry', '1qaz2wsx3edc4rf'],
    ['more than an entry', '1qaz2wsx3edc4rfv7'],
    ['two entries with what is between them', 'password\npassword1'],
  ])('does not hold %s', (_, text) => {
    expect(list.has(text)).toBe(false);
  });
});
