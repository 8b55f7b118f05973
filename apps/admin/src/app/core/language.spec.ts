import { TestBed } from '@angular/core/testing';
import { Language, TEXTS_AT_START } from './language';
import { DE } from './texts/de';
import { EN } from './texts/en';
import type { Texts } from './texts/texts';

let language: Language;

beforeEach(async () => {
  localStorage.clear();
  TestBed.configureTestingModule({ providers: [{ provide: TEXTS_AT_START, useValue: {} as Texts }] });
  language = TestBed.inject(Language);
  await language.start();
});

describe('Language', () => {
  it('begins with what every page may say', () => {
    expect(language.texts().common).toEqual(EN.common);
    expect(Object.keys(language.texts())).not.toContain('settings');
  });

  it('learns what only some pages say, and says that in another language as well', async () => {
    await language.learnLater();
    expect(language.texts()).toEqual(EN);

    await language.choose('de');
    expect(language.texts()).toEqual(DE);
  });

  it('learns it in the language that is chosen meanwhile', async () => {
    await Promise.all([language.learnLater(), language.choose('de')]);

    expect([language.tag(), language.texts().settings]).toEqual(['de', DE.settings]);
  });

  it('begins with the language that was chosen before', async () => {
    await language.choose('de');
    TestBed.resetTestingModule();
    const next = TestBed.inject(Language);
    await next.start();

    expect(next.tag()).toBe('de');
  });
});
