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

describe('Language', () => {
  it('starts with the base texts only', () => {
    expect(language.texts().common).toEqual(EN.common);
    expect(Object.keys(language.texts())).not.toContain('settings');
  });

  it('loads the feature texts, and those of a language selected later', async () => {
    await language.loadFeatureTexts();
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
