import { Injectable } from '@nestjs/common';
import { type AffectedUsers } from '../database/affected-users.js';
import { Writes } from '../database/writes.js';
import { RevocationListener } from './revocation-listener.js';

/** Tells whose tokens may stand differently from now on, whoever committed that: this process, or another replica. */
@Injectable()
export class RevocationFeed {
  constructor(
    private readonly writes: Writes,
    private readonly listener: RevocationListener,
  ) {}

  /** Whether all has been told that was committed up to a moment ago. While it has not, nothing may be believed. */
  get isCurrent(): boolean {
    return this.listener.isCurrent;
  }

  /** Calls back with whom something touches: with what this process commits, before whoever did it goes on. */
  subscribe(listener: (affected: AffectedUsers) => void): void {
    this.writes.onEnd(listener);
    this.listener.onHeard(listener);
  }
}
