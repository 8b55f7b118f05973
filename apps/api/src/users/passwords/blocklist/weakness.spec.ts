import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CommonPasswords } from './common-passwords.js';
import { weaknessOf } from './weakness.js';

const WORDS = ['latchkey', 'jane.doe', 'jane', 'doe'];

let list: CommonPasswords;

beforeAll(async () => {
  list = await CommonPasswords.load();
});

describe('weaknessOf', () => {
  it('rejects 100 of 100 entries of the list with at least 15 characters', () => {
    const long = [...list].filter((entry) => [...entry].length >= 15);
    const sample = Array.from({ length: 100 }, () => long[randomInt(long.length)] ?? '');

    expect(sample.filter((password) => weaknessOf(password, [], list) === null)).toEqual([]);
  });

  it('accepts 200 of 200 passphrases of four words from the list', () => {
    const words = [...list].filter((entry) => /^[a-z]{5,7}$/.test(entry));
    const word = () => words[randomInt(words.length)] ?? '';
    const passphrases = Array.from({ length: 200 }, (_, index) =>
      [word(), word(), word(), word()].join([' ', '-', ''][index % 3]),
    );

    expect(passphrases.filter((password) => weaknessOf(password, WORDS, list) !== null)).toEqual([]);
  });

  it.each([
    ['an entry of the list in other cases', 'QWERTY123456789'],
    ['an entry of the list in full width', 'ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ'],
    ['a long word of a language', 'Responsibilities'],
    ['an entry followed by digits', 'Sunshine1234567'],
    ['an entry with a year and a sign on both sides', '!!sunshine2026!'],
    ['an entry with a run of the keyboard', 'monkeyqwertyuiop'],
    ['an entry twice with a few characters', 'monkeymonkey-21'],
    ['an entry and a name', 'password-jane.doe'],
    ['a long entry repeated', 'manchester manchester'],
  ])('returns common for %s', (_, password) => {
    expect(weaknessOf(password, WORDS, list)).toBe('common');
  });

  it.each([
    ['a short unit repeated', 'xkvxkvxkvxkvxkv'],
    ['a short unit with an incomplete repetition', 'bvnqrtbvnqrtbvnq'],
    ['one letter', 'ж'.repeat(20)],
    ['one letter outside the basic plane', '🐎'.repeat(15)],
    ['a sequence that wraps around', '3456789012345678901'],
    ['an alphabet', 'nopqrstuvwxyzabc'],
    ['rows of a keyboard', 'qwertzuiopasdfghj'],
    ['pairs of letters', 'hhrrttvvbbggkkll'],
    ['known words', 'Latchkey Jane Doe'],
    ['a known word repeated', 'doe-doe-doe!doe'],
    ['known words and a year', 'jane.doe-1987-doe'],
  ])('returns predictable for %s', (_, password) => {
    expect(weaknessOf(password, WORDS, list)).toBe('predictable');
  });

  it.each([
    ['two entries of the list', 'sunshine football'],
    ['an entry with seven digits', 'sunshine 4718293'],
    ['an entry and letters', 'sunshine for xkv'],
    ['known words among others', 'jane has a latchkey of brass'],
    ['a long unit repeated', 'vmqxzjrtwvmqxzjrtw'],
    ['random digits', '471829360518274'],
    ['random signs', ']~&"+(;^`{$|<?='],
  ])('accepts %s', (_, password) => {
    expect(weaknessOf(password, WORDS, list)).toBeNull();
  });

  it('checks only the first 256 characters of the folded text', () => {
    // One character folds into four.
    const run = '\u2057'.repeat(64);

    expect(weaknessOf(`${run}xkvzq`, [], list)).toBe('predictable');
    expect(weaknessOf(`${run.slice(1)}xkvzq`, [], list)).toBeNull();
  });

  // Work that grows faster than the square of the length would exceed the timeout.
  it.each([
    ['one code point folds into 18', `${'\uFDFA'.repeat(255)}x`, null],
    ['one code point folds into a run', `${'\u2057'.repeat(255)}b`, 'predictable'],
    ['one run covers the whole text', `${'a'.repeat(255)}b`, null],
    ['rows of the keyboard cover the whole text', `${'qwertyuiopasdfghjkl'.repeat(13)}é`, null],
  ])('checks 256 characters when %s', (_, password, expected) => {
    const words = [64, 200, 254].map((length) => 'a'.repeat(length));

    expect(weaknessOf(password, words, list)).toBe(expected);
  });
});
