import { FRESH_MAX_MILLISECONDS } from '@latchkey/auth-models';
import { inMessages, type Replicas } from '../../platform/revocation/replicas.js';

/** Time for which a sync is kept for verifiers that connect or disconnect. No request waits longer. */
const SYNC_MILLISECONDS = 15_000;

/** Maximum number of outstanding syncs of all replicas. */
const SYNCS_MAX = 1_000;

/** Maximum number of verifiers that are taken over from processes that have stopped. */
export const ADOPTED_MAX = 2_000;

/** Time for which acknowledgements are collected, because each PostgreSQL notification takes a lock on the whole cluster. */
const COLLECT_MILLISECONDS = 5;

/** A verifier without a connection. */
interface Lapsing {
  readonly timer: NodeJS.Timeout;
  readonly until: number;
  /** `undefined` if another process has served it. */
  readonly userId: string | undefined;
}

/**
 * Outstanding syncs and their acknowledgements. A verifier without a connection cannot acknowledge a sync, so this process reports
 * to all replicas when that verifier can no longer answer from memory.
 */
export class Acknowledgements {
  /** Outstanding syncs, with the time at which each one began. */
  private readonly syncs = new Map<string, number>();
  /** Acknowledgements that have not been sent yet, by sync. */
  private readonly collected = new Map<string, Set<string>>();
  /** Verifiers without a connection that can still answer from memory. */
  private readonly lapsing = new Map<string, Lapsing>();
  /** Time on the monotonic clock until which verifiers that this process does not know can answer from memory. */
  private incompleteUntil = -Infinity;

  constructor(private readonly replicas: Replicas) {}

  /** Ids of the outstanding syncs. */
  get outstanding(): string[] {
    return [...this.syncs.keys()];
  }

  /** Ids of the verifiers without a connection that can still answer from memory. */
  get lapsingVerifiers(): string[] {
    return [...this.lapsing.keys()];
  }

  /** Time on the monotonic clock until which at least one of them can answer from memory; 0 if there are none. */
  get lapsingUntil(): number {
    return Math.max(0, ...[...this.lapsing.values()].map(({ until }) => until));
  }

  /** Whether this process knows all verifiers that it has to count. */
  get isComplete(): boolean {
    return performance.now() >= this.incompleteUntil;
  }

  /** Returns the number of verifiers that have lost their connection to this process: those of one user, or of all users. */
  countLapsing(userId?: string): number {
    return [...this.lapsing.values()].filter((one) =>
      userId === undefined ? one.userId !== undefined : one.userId === userId,
    ).length;
  }

  /** Whether a verifier has lost its connection to this process, and can still answer from memory. */
  holdsPlace(verifier: string): boolean {
    return this.lapsing.get(verifier)?.userId !== undefined;
  }

  /** Records that a verifier has acknowledged a sync, and reports it to all replicas. */
  acknowledge(sync: string, verifier: string): void {
    if (this.collected.size === 0) {
      setTimeout(() => this.sendCollected(), COLLECT_MILLISECONDS);
    }
    const verifiers = this.collected.get(sync);
    if (verifiers) {
      verifiers.add(verifier);
    } else if (this.collected.size < SYNCS_MAX) {
      this.collected.set(sync, new Set([verifier]));
    }
  }

  /** Adds a sync, and reports the verifiers that have to acknowledge it. Returns false if too many syncs are outstanding. */
  begin(sync: string, connected: readonly string[]): boolean {
    const now = performance.now();
    for (const [id, time] of this.syncs) {
      if (now - time > SYNC_MILLISECONDS) {
        this.syncs.delete(id);
      }
    }
    if (this.syncs.size >= SYNCS_MAX) {
      return false;
    }
    this.syncs.set(sync, now);
    const { id } = this.replicas;
    const parts = inMessages([...connected, ...this.lapsingVerifiers]);
    // The additional part never arrives, so that no proof is complete without the unknown verifiers.
    const expected = this.isComplete ? parts.length : parts.length + 1;
    for (const verifiers of parts) {
      void this.replicas.send({ kind: 'reached', sync, id, verifiers, parts: expected });
    }
    return true;
  }

  /** Removes a sync that no request waits for any longer. */
  end(sync: string): void {
    this.syncs.delete(sync);
  }

  /** Counts verifiers that were connected to another process, because they can still answer from memory for a while. */
  adopt(verifiers: readonly string[], rest: number): void {
    const until = performance.now() + Math.min(rest, FRESH_MAX_MILLISECONDS);
    let room = ADOPTED_MAX - (this.lapsing.size - this.countLapsing());
    for (const verifier of verifiers) {
      if (this.lapsing.has(verifier)) {
        this.letLapse(verifier, until);
      } else if (room > 0) {
        room -= 1;
        this.letLapse(verifier, until);
      } else {
        this.markIncomplete();
      }
    }
  }

  /** Records that verifiers which this process does not know can answer from memory for a while. Until then, no proof is complete. */
  markIncomplete(): void {
    this.incompleteUntil = performance.now() + FRESH_MAX_MILLISECONDS;
  }

  /** Counts a verifier that has lost its connection until it can no longer answer from memory. */
  letLapse(verifier: string, until: number, userId?: string): void {
    const known = this.lapsing.get(verifier);
    if (known && known.until >= until) {
      return;
    }
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.lapse(verifier), Math.max(until - performance.now(), 0)).unref();
    this.lapsing.set(verifier, { timer, until, userId: known?.userId ?? userId });
  }

  /** Removes a verifier that has reconnected. Returns the time until which its former connection lets it answer from memory. */
  reconnect(verifier: string): number {
    const known = this.lapsing.get(verifier);
    clearTimeout(known?.timer);
    this.lapsing.delete(verifier);
    return known?.until ?? -Infinity;
  }

  stop(): void {
    this.lapsing.forEach(({ timer }) => clearTimeout(timer));
  }

  private sendCollected(): void {
    for (const [sync, verifiers] of this.collected) {
      for (const part of inMessages([...verifiers])) {
        void this.replicas.send({ kind: 'acknowledged', sync, verifiers: part });
      }
    }
    this.collected.clear();
  }

  private lapse(verifier: string): void {
    this.lapsing.delete(verifier);
    for (const sync of this.syncs.keys()) {
      void this.replicas.send({ kind: 'lapsed', sync, id: this.replicas.id, verifiers: [verifier] });
    }
  }
}
