import { DOCUMENT, effect, inject, Injectable, signal } from '@angular/core';
import { BrowserStorage } from './browser-storage';

/** How the console may look; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;

/** One of {@link THEMES}. */
export type ThemeChoice = (typeof THEMES)[number];

const STORAGE_KEY = 'latchkey-theme';

/** The choice between light and dark, remembered in this browser. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly document = inject(DOCUMENT);
  private readonly storage = inject(BrowserStorage);
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
    this.storage.write(STORAGE_KEY, choice);
  }

  private remembered(): ThemeChoice {
    const text = this.storage.read(STORAGE_KEY);
    return THEMES.find((theme) => theme === text) ?? 'system';
  }
}
