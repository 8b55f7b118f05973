import { DOCUMENT, inject, Injectable } from '@angular/core';

/** What this browser remembers of how somebody likes the console. Nothing secret goes here. */
@Injectable({ providedIn: 'root' })
export class BrowserStorage {
  private readonly document = inject(DOCUMENT);

  read(key: string): string | null {
    return this.storage()?.getItem(key) ?? null;
  }

  write(key: string, value: string): void {
    this.storage()?.setItem(key, value);
  }

  private storage(): Storage | null {
    try {
      return this.document.defaultView?.localStorage ?? null;
    } catch {
      // Browsers that block storage throw on the mere access; what is chosen then lasts as long as the page.
      return null;
    }
  }
}
