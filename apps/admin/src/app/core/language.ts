import { DOCUMENT, effect, inject, Injectable, InjectionToken, type Signal, signal } from '@angular/core';
import { BrowserStorage } from './browser-storage';
import type { BaseTexts, EventTexts, FeatureTexts, Texts } from './texts/texts';

/** Supported languages, each with its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type LanguageTag = keyof typeof LANGUAGES;

export const LANGUAGE_TAGS = Object.keys(LANGUAGES) as LanguageTag[];

/** Bundles of texts that only some pages show. */
type Bundle = 'features' | 'events';

/**
 * Each language has several bundles, so that the sign-in page and the lists do not wait for texts they never
 * show.
 */
const CATALOGUES: Record<
  LanguageTag,
  { base(): Promise<BaseTexts>; features(): Promise<FeatureTexts>; events(): Promise<EventTexts> }
> = {
  en: {
    base: () => import('./texts/en/base'),
    features: () => import('./texts/en/features'),
    events: () => import('./texts/en/events'),
  },
  de: {
    base: () => import('./texts/de/base'),
    features: () => import('./texts/de/features'),
    events: () => import('./texts/de/events'),
  },
};

/** Texts before {@link Language.start}, when nothing is shown yet. Unit tests provide a whole catalogue. */
export const INITIAL_TEXTS = new InjectionToken<Texts>('initial texts', { factory: () => ({}) as Texts });

const STORAGE_KEY = 'latchkey-language';

/**
 * Language of the console: the one selected in this browser, or the first supported one of the browser's
 * languages.
 */
@Injectable({ providedIn: 'root' })
export class Language {
  private readonly document = inject(DOCUMENT);
  private readonly storage = inject(BrowserStorage);
  /** Lacks the texts of features until a route has waited for {@link loadFeatureTexts}. */
  private readonly catalogue = signal<Texts>(inject(INITIAL_TEXTS));
  private readonly bundles = new Set<Bundle>();
  private readonly currentTag = signal<LanguageTag>('en');

  /** Also the locale of dates and numbers. */
  readonly tag = this.currentTag.asReadonly();
  readonly texts = this.catalogue.asReadonly();

  constructor() {
    effect(() => {
      this.document.documentElement.lang = this.currentTag();
    });
  }

  /**
   * Loads the texts. Falls back to the other language, because a bundle that fails to load must not leave the
   * page blank.
   */
  async start(): Promise<void> {
    const tag = this.stored() ?? this.preferred();
    const fallback = LANGUAGE_TAGS.find((other) => other !== tag) ?? tag;
    await this.load(tag).catch(() => this.load(fallback));
  }

  /**
   * Changes the language and stores it. If the texts cannot be loaded, the change applies from the next
   * start.
   */
  async select(tag: LanguageTag): Promise<void> {
    await this.load(tag).catch(() => undefined);
    this.storage.write(STORAGE_KEY, tag);
  }

  /** Loads a script together with the texts of features, which its components show. */
  async withFeatureTexts<T>(script: Promise<T>, ...others: Bundle[]): Promise<T> {
    const [loaded] = await Promise.all([script, this.loadFeatureTexts(...others)]);
    return loaded;
  }

  /** Loads the texts that only some features show, and other bundles. */
  async loadFeatureTexts(...others: Bundle[]): Promise<void> {
    const missing = (['features', ...others] as const).filter((bundle) => !this.bundles.has(bundle));
    if (missing.length === 0) {
      return;
    }
    const tag = this.currentTag();
    const texts = await textsOf(tag, missing);
    if (tag !== this.currentTag()) {
      return this.loadFeatureTexts(...others);
    }
    missing.forEach((bundle) => this.bundles.add(bundle));
    this.catalogue.update((known) => ({ ...known, ...texts }));
  }

  private async load(tag: LanguageTag): Promise<void> {
    const base = await CATALOGUES[tag].base();
    let bundles: Bundle[] = [];
    let others: Partial<Texts> = {};
    // Another bundle can be loaded meanwhile.
    while (bundles.length < this.bundles.size) {
      bundles = [...this.bundles];
      others = await textsOf(tag, bundles);
    }
    this.catalogue.set({ ...base, ...others } as Texts);
    this.currentTag.set(tag);
  }

  private stored(): LanguageTag | undefined {
    const stored = this.storage.read(STORAGE_KEY);
    return LANGUAGE_TAGS.find((tag) => tag === stored);
  }

  private preferred(): LanguageTag {
    const languages = this.document.defaultView?.navigator.languages ?? [];
    const supported = languages.flatMap((name) => LANGUAGE_TAGS.find((tag) => name.startsWith(tag)) ?? []);
    return supported[0] ?? 'en';
  }
}

/** Loads the texts of some bundles. */
async function textsOf(tag: LanguageTag, bundles: readonly Bundle[]): Promise<Partial<Texts>> {
  const loaded = await Promise.all(bundles.map((bundle) => CATALOGUES[tag][bundle]()));
  return Object.assign({}, ...loaded) as Partial<Texts>;
}

/** Returns the texts in the current language, for a component. */
export function injectTexts(): Signal<Texts> {
  return inject(Language).texts;
}

/** Does the same as {@link Language.withFeatureTexts}, for lazy routes. */
export function withFeatureTexts<T>(page: Promise<T>, ...others: Bundle[]): Promise<T> {
  return inject(Language).withFeatureTexts(page, ...others);
}
