import { computed, inject, Injectable, signal } from '@angular/core';
import { Session } from './session';

/** Whether the session can only add a second factor, which the account requires. */
@Injectable({ providedIn: 'root' })
export class Enrolment {
  private readonly session = inject(Session);
  /** Session that a request was rejected for. */
  private readonly rejectedId = signal<string | null>(null);

  readonly isRequired = computed(() => {
    const id = this.session.token()?.id;
    return id !== undefined && id === this.rejectedId();
  });

  /** Records that the server rejected the session because it lacks a second factor. */
  require(): void {
    this.rejectedId.set(this.session.token()?.id ?? null);
  }

  /** Records that the user has added a second factor. */
  complete(): void {
    this.rejectedId.set(null);
  }
}
