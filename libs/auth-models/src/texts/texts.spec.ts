import { describe, expect, it } from '@jest/globals';
import { REJECTION_CAUSES, REMEDIES } from '../lists/explanations.js';
import { PROBLEMS_IN_GERMAN, REJECTION_TEXTS_IN_GERMAN } from './de.js';
import { ERROR_CODES, type ErrorCode, PROBLEM_EXPLANATIONS, REJECTION_TEXTS } from './en.js';
import { fillIn, type RejectionFacts, type RejectionText } from './rejection-texts.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const REJECTIONS = [
  ...REJECTION_CAUSES.map((cause): [string, RejectionText, RejectionText] => [
    cause,
    REJECTION_TEXTS.causes[cause],
    REJECTION_TEXTS_IN_GERMAN.causes[cause],
  ]),
  ...REMEDIES.map((kind): [string, RejectionText, RejectionText] => [
    kind,
    REJECTION_TEXTS.remedies[kind],
    REJECTION_TEXTS_IN_GERMAN.remedies[kind],
  ]),
];
const NAMED = { user: '<user>', preview: '<preview>', time: '<time>' };
const NAMES = { missing: ['<missing>'], unknown: ['<unknown>'] };
/** Values whose places in a sentence can be found, with and without those that can be absent. */
const FACTS: readonly RejectionFacts[] = [{ ...NAMES, ...NAMED }, NAMES];

function placeholders(text: string): readonly string[] {
  return (text.match(/<\w+>/g) ?? []).sort();
}

describe('texts', () => {
  it.each(CODES)('have sentences about %s, with paired backticks', (code) => {
    const { remedy, example } = PROBLEM_EXPLANATIONS[code];

    for (const text of [ERROR_CODES[code], PROBLEMS_IN_GERMAN[code], remedy, example]) {
      expect(text).toMatch(/^[A-ZÄÖÜ`].*\.$/);
      expect(text.split('`').length % 2).toBe(1);
    }
  });

  it.each(REJECTIONS)('have %s in both languages, with the same placeholders', (_name, english, german) => {
    for (const facts of FACTS) {
      const texts = [fillIn(english, facts), fillIn(german, facts)];

      expect(texts).toEqual(texts.map(() => expect.stringMatching(/^[A-ZÄÖÜ].*\.$/)));
      expect(placeholders(texts[1] ?? '')).toEqual(placeholders(texts[0] ?? ''));
    }
  });

  it('have no entries for other codes, causes and remedies', () => {
    expect(Object.keys(PROBLEMS_IN_GERMAN).sort()).toEqual([...CODES].sort());
    for (const { causes, remedies } of [REJECTION_TEXTS, REJECTION_TEXTS_IN_GERMAN]) {
      expect(Object.keys(causes).sort()).toEqual([...REJECTION_CAUSES].sort());
      expect(Object.keys(remedies).sort()).toEqual([...REMEDIES].sort());
    }
  });
});
