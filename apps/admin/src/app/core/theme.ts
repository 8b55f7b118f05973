import { DOCUMENT, effect, inject, Injectable, signal } from '@angular/core';

/** How the console may look; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;

/** One of {@link THEMES}. */
export type ThemeChoice = (typeof THEMES)[number];

const STORAGE_KEY = 'latchkey-theme';

/** The choice between light and dark, remembered in this browser. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly document = inject(DOCUMENT);
  private readonly chosen = signal(this.remembered());

  readonly choice = this.chosen.asReadonly();

  constructor() {
    effect(() => {
      this.document.documentElement.dataset['theme'] = this.chosen();
    });
  }

  /** Changes the look and remembers it. */
  choose(choice: ThemeChoice): void {
    this.chosen.set(choice);
    this.storage()?.setItem(STORAGE_KEY, choice);
  }

  private remembered(): ThemeChoice {
    const text = this.storage()?.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === text) ?? 'system';
  }

  private storage(): Storage | null {
    try {
      return this.document.defaultView?.localStorage ?? null;
    } catch {
      // Browsers that block storage throw on the mere access; the choice then lasts as long as the page.
      return null;
    }
  }
}
