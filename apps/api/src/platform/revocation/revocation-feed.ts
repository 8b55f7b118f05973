import { Injectable } from '@nestjs/common';
import { type AffectedUsers } from '../database/affected-users.js';
import { Writes } from '../database/writes.js';
import { RevocationListener } from './revocation-listener.js';

/** Publishes which users are affected by a commit of this process or another replica, so that caches drop their tokens. */
@Injectable()
export class RevocationFeed {
  constructor(
    private readonly writes: Writes,
    private readonly listener: RevocationListener,
  ) {}

  /** Whether all recent commits have been published. While they have not, nothing may be cached. */
  get isCurrent(): boolean {
    return this.listener.isCurrent;
  }

  /** Calls `listener` with the affected users. For commits of this process it does so before the writer continues. */
  subscribe(listener: (affected: AffectedUsers) => void): void {
    this.writes.onEnd(listener);
    this.listener.onHeard(listener);
  }
}
