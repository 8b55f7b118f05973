import { Injectable, signal } from '@angular/core';

/** The present minute, so that relative times grow older on a page that stays open. */
@Injectable({ providedIn: 'root' })
export class Now {
  private readonly instant = signal(Date.now());

  readonly value = this.instant.asReadonly();

  constructor() {
    setInterval(() => this.instant.set(Date.now()), 60_000);
  }
}
