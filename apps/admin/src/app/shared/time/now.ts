import { Injectable, signal } from '@angular/core';

/** The current time, updated every minute, so that relative times stay correct on an open page. */
@Injectable({ providedIn: 'root' })
export class Now {
  private readonly instant = signal(Date.now());

  readonly value = this.instant.asReadonly();

  constructor() {
    setInterval(() => this.instant.set(Date.now()), 60_000);
  }
}
