import { TestBed } from '@angular/core/testing';
import { Language, INITIAL_TEXTS } from './language';
import { DE } from './texts/de';
import { EN } from './texts/en';
import type { Texts } from './texts/texts';

let language: Language;

beforeEach(async () => {
  localStorage.clear();
  TestBed.configureTestingModule({ providers: [{ provide: INITIAL_TEXTS, useValue: {} as Texts }] });
  language = TestBed.inject(Language);
  await language.start();
});

/** Texts that return the server's sentence in English only. */
const SENTENCES = ['rejections.sentence', 'rejections.remedySentence'];

/** Paths of all texts with values, and the number of values. Lint reports values that a text ignores. */
function valuesOf(texts: object, path = ''): [path: string, values: number][] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) => {
    if (typeof text === 'function') {
      return [[`${path}${name}`, text.length] as [string, number]];
    }
    return typeof text === 'object' && text !== null ? valuesOf(text, `${path}${name}.`) : [];
  });
}

describe('the German texts', () => {
  it('have the values of the English ones', () => {
    const [german, english] = [DE, EN].map((texts) =>
      Object.fromEntries(valuesOf(texts).filter(([path]) => !SENTENCES.includes(path))),
    );

    expect(german).toEqual(english);
  });
});

describe('Language', () => {
  it('starts with the base texts only', () => {
    expect(language.texts().common).toEqual(EN.common);
    expect(Object.keys(language.texts())).not.toContain('settings');
  });

  it('loads the feature texts, and those of a language selected later', async () => {
    await language.loadFeatureTexts();
    expect(language.texts().settings).toEqual(EN.settings);
    expect(Object.keys(language.texts())).not.toContain('events');

    await language.loadFeatureTexts('events');
    expect(language.texts()).toEqual(EN);

    await language.select('de');
    expect(language.texts()).toEqual(DE);
  });

  it('loads the feature texts in a language that is selected at the same time', async () => {
    await Promise.all([language.loadFeatureTexts(), language.select('de')]);

    expect([language.tag(), language.texts().settings]).toEqual(['de', DE.settings]);
  });

  it('starts with the stored language', async () => {
    await language.select('de');
    TestBed.resetTestingModule();
    const next = TestBed.inject(Language);
    await next.start();

    expect(next.tag()).toBe('de');
  });
});
