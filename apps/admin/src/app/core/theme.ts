import { DOCUMENT, effect, inject, Injectable, signal } from '@angular/core';
import { BrowserStorage } from './browser-storage';

/** Names of the themes, and of their icons; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;

type ThemeName = (typeof THEMES)[number];

const STORAGE_KEY = 'latchkey-theme';

/** The selected theme, stored in this browser. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly document = inject(DOCUMENT);
  private readonly storage = inject(BrowserStorage);
  private readonly selectedName = signal(this.stored());

  readonly selected = this.selectedName.asReadonly();

  constructor() {
    effect(() => {
      this.document.documentElement.dataset['theme'] = this.selectedName();
    });
  }

  select(name: ThemeName): void {
    this.selectedName.set(name);
    this.storage.write(STORAGE_KEY, name);
  }

  private stored(): ThemeName {
    const name = this.storage.read(STORAGE_KEY);
    return THEMES.find((theme) => theme === name) ?? 'system';
  }
}
