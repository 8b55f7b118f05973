import { DOCUMENT, inject, Injectable } from '@angular/core';

/** Preferences kept in this browser. Never store anything secret here. */
@Injectable({ providedIn: 'root' })
export class BrowserStorage {
  private readonly document = inject(DOCUMENT);

  read(key: string): string | null {
    return this.storage()?.getItem(key) ?? null;
  }

  /** Stores a value, unless the browser blocks storage or has no room left. */
  write(key: string, value: string): void {
    try {
      this.storage()?.setItem(key, value);
    } catch {
      // The preference then lasts until the page is closed.
    }
  }

  /** Removes the values whose keys have a prefix. */
  removeAll(prefix: string): void {
    const storage = this.storage();
    for (const key of Object.keys(storage ?? {}).filter((name) => name.startsWith(prefix))) {
      storage?.removeItem(key);
    }
  }

  private storage(): Storage | null {
    try {
      return this.document.defaultView?.localStorage ?? null;
    } catch {
      // Browsers that block storage throw on mere access. Preferences then last until the page is closed.
      return null;
    }
  }
}
