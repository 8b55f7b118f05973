import { DOCUMENT, effect, inject, Injectable, InjectionToken, type Signal, signal } from '@angular/core';
import { BrowserStorage } from './browser-storage';
import type { FirstTexts, LaterTexts, Texts } from './texts/texts';

/** The languages that the console speaks, each with its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

/** One of {@link LANGUAGES}, as a tag of BCP 47. */
export type LanguageTag = keyof typeof LANGUAGES;

/** How each catalogue is had, in two bundles: for every page, and for those that have words of their own. */
const CATALOGUES: Record<LanguageTag, { first(): Promise<FirstTexts>; later(): Promise<LaterTexts> }> = {
  en: {
    first: () => import('./texts/en/first').then(({ EN_FIRST }) => EN_FIRST),
    later: () => import('./texts/en/later').then(({ EN_LATER }) => EN_LATER),
  },
  de: {
    first: () => import('./texts/de/first').then(({ DE_FIRST }) => DE_FIRST),
    later: () => import('./texts/de/later').then(({ DE_LATER }) => DE_LATER),
  },
};

/** What can be said before a language was begun with: nothing, as nothing is shown before. Tests say all of it. */
export const TEXTS_AT_START = new InjectionToken<Texts>('texts at the start', {
  factory: () => ({}) as Texts,
});

const STORAGE_KEY = 'latchkey-language';

/** The language of the console: the one chosen in this browser, or the first of the browser's own that it speaks. */
@Injectable({ providedIn: 'root' })
export class Language {
  private readonly document = inject(DOCUMENT);
  private readonly storage = inject(BrowserStorage);
  /** What is not there yet is not asked for: routes wait for {@link learnLater}. */
  private readonly catalogue = signal<Texts>(inject(TEXTS_AT_START));
  private hasLater = false;
  private readonly spoken = signal<LanguageTag>('en');

  /** The language that is spoken now; also the locale of dates and numbers. */
  readonly tag = this.spoken.asReadonly();
  readonly texts = this.catalogue.asReadonly();

  constructor() {
    effect(() => {
      this.document.documentElement.lang = this.spoken();
    });
  }

  /** Begins with the language of this browser, or else with another: a bundle that cannot be had is no reason to say nothing. */
  async start(): Promise<void> {
    const wish = this.remembered() ?? this.preferred();
    const other = tags().find((tag) => tag !== wish) ?? wish;
    await this.speak(wish).catch(() => this.speak(other));
  }

  /** Changes the language and remembers it. One that cannot be had now is spoken from the next start on. */
  async choose(tag: LanguageTag): Promise<void> {
    await this.speak(tag).catch(() => undefined);
    this.storage.write(STORAGE_KEY, tag);
  }

  /** Learns what only some pages say. Whoever shows one of them waits for that. */
  async learnLater(): Promise<void> {
    if (this.hasLater) {
      return;
    }
    const tag = this.spoken();
    const later = await CATALOGUES[tag].later();
    if (tag !== this.spoken()) {
      return this.learnLater();
    }
    this.hasLater = true;
    this.catalogue.update((texts) => ({ ...texts, ...later }));
  }

  private async speak(tag: LanguageTag): Promise<void> {
    const first = await CATALOGUES[tag].first();
    const later = this.hasLater ? await CATALOGUES[tag].later() : {};
    this.catalogue.set({ ...first, ...later } as Texts);
    this.spoken.set(tag);
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

/** A page together with the words that only it and its like say. To be called where a route loads. */
export async function withLaterTexts<T>(page: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([page, inject(Language).learnLater()]);
  return loaded;
}
