import { DOCUMENT, effect, inject, Injectable, type Signal, signal } from '@angular/core';
import { BrowserStorage } from './browser-storage';
import { EN } from './texts/en';
import type { Texts } from './texts/texts';

/** The languages that the console speaks, each with its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

/** One of {@link LANGUAGES}, as a tag of BCP 47. */
export type LanguageTag = keyof typeof LANGUAGES;

/** How each catalogue is had: English is always here, the others are bundles of their own. */
const CATALOGUES: Record<LanguageTag, () => Promise<Texts>> = {
  en: () => Promise.resolve(EN),
  de: () => import('./texts/de').then(({ DE }) => DE),
};

const STORAGE_KEY = 'latchkey-language';

/** The language of the console: the one chosen in this browser, or the first of the browser's own that it speaks. */
@Injectable({ providedIn: 'root' })
export class Language {
  private readonly document = inject(DOCUMENT);
  private readonly storage = inject(BrowserStorage);
  private readonly catalogue = signal<Texts>(EN);
  private readonly spoken = signal<LanguageTag>('en');

  /** The language that is spoken now; also the locale of dates and numbers. */
  readonly tag = this.spoken.asReadonly();
  readonly texts = this.catalogue.asReadonly();

  constructor() {
    effect(() => {
      this.document.documentElement.lang = this.spoken();
    });
  }

  /** Begins with the language of this browser. Resolves when it can be spoken. */
  start(): Promise<void> {
    return this.speak(this.remembered() ?? this.preferred());
  }

  /** Changes the language and remembers it. */
  async choose(tag: LanguageTag): Promise<void> {
    await this.speak(tag);
    this.storage.write(STORAGE_KEY, tag);
  }

  private async speak(tag: LanguageTag): Promise<void> {
    // A bundle that cannot be had is no reason to say nothing at all.
    const texts = await CATALOGUES[tag]().catch(() => null);
    if (texts !== null) {
      this.catalogue.set(texts);
      this.spoken.set(tag);
    }
  }

  private remembered(): LanguageTag | undefined {
    const text = this.storage.read(STORAGE_KEY);
    return tags().find((tag) => tag === text);
  }

  private preferred(): LanguageTag {
    const wishes = (this.document.defaultView?.navigator.languages ?? []).map((wish) => wish.slice(0, 2));
    return wishes.flatMap((wish) => tags().find((tag) => tag === wish) ?? [])[0] ?? 'en';
  }
}

/** The words of a component, in the language that is spoken. */
export function injectTexts(): Signal<Texts> {
  return inject(Language).texts;
}

function tags(): LanguageTag[] {
  return Object.keys(LANGUAGES) as LanguageTag[];
}
