import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Histogram } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { type ReplicaMessage, Replicas } from './replicas.js';

/** Maximum number of requests for acknowledgements at a time. Later ones share the next one. */
const ROUNDS_MAX = 8;

/** In seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How many verifiers and replicas reject by now what was revoked before. */
export interface Proof {
  /** Number of verifiers that answer from memory. */
  readonly verifiers: number;
  /** Number of them that have acknowledged the revocation, or can no longer answer from memory. */
  readonly acknowledged: number;
  readonly replicas: number;
  readonly replicasReached: number;
  /** Milliseconds since the revocation was committed. */
  readonly milliseconds: number;
}

/**
 * Proves that revocations are in effect: sends a message to all replicas after the commit, which they pass on to their verifiers, and
 * counts the acknowledgements.
 */
@Injectable()
export class RevocationProof {
  private readonly rounds = new Map<string, Round>();
  /** Round that starts when another one ends. */
  private next: Round | undefined;
  private readonly durations: Histogram;

  constructor(
    private readonly replicas: Replicas,
    metrics: Metrics,
  ) {
    replicas.subscribe((message) => this.receive(message));
    this.durations = metrics.histogram(
      'latchkey_revocation_proof_duration_seconds',
      'Time from a revocation until all verifiers and replicas have acknowledged it, or until the wait ended.',
      [],
      BUCKETS,
    );
  }

  /** Waits until all replicas and verifiers have acknowledged what is committed, at most for the given time. */
  async prove(milliseconds: number): Promise<Proof> {
    const start = performance.now();
    const round = this.join();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([round.done, late]);
    clearTimeout(timer);
    round.participants -= 1;
    if (round.participants === 0) {
      this.end(round);
    }
    const duration = performance.now() - start;
    this.durations.observe(duration / 1_000);
    return { ...round.counts(), milliseconds: Math.round(duration) };
  }

  private join(): Round {
    const round =
      this.next ?? new Round(() => this.replicas.list().map(({ id, verifiers }) => [id, verifiers]));
    round.participants += 1;
    if (this.rounds.size < ROUNDS_MAX) {
      this.start(round);
    } else {
      this.next = round;
    }
    return round;
  }

  private start(round: Round): void {
    this.rounds.set(round.id, round);
    round.begin();
    void this.replicas.send({ kind: 'sync', sync: round.id });
  }

  /** Ends a round for which nobody waits any longer. */
  private end(round: Round): void {
    this.rounds.delete(round.id);
    const { next } = this;
    this.next = undefined;
    if (next && next !== round && next.participants > 0) {
      this.start(next);
    }
  }

  private receive(message: ReplicaMessage): void {
    if (message.kind === 'reached') {
      this.rounds.get(message.sync)?.reach(message.id, message.verifiers);
    } else if (message.kind === 'acknowledged') {
      this.rounds.get(message.sync)?.acknowledge(message.id);
    } else if (message.kind === 'leaving') {
      this.rounds.forEach((round) => round.leave(message.id));
    }
  }
}

/** A request that all replicas and verifiers acknowledge what was committed before. */
class Round {
  readonly id = randomUUID();
  /** Number of requests that wait for it. */
  participants = 0;
  readonly done: Promise<void>;
  private finish!: () => void;
  /** Number of verifiers of each replica. */
  private readonly replicas = new Map<string, number>();
  private readonly reached = new Set<string>();
  private readonly acknowledged = new Set<string>();

  constructor(private readonly expected: () => (readonly [id: string, verifiers: number])[]) {
    this.done = new Promise((resolve) => (this.finish = resolve));
  }

  get isComplete(): boolean {
    const { replicas, verifiers, replicasReached, acknowledged } = this.counts();
    return replicas > 0 && replicasReached === replicas && acknowledged >= verifiers;
  }

  begin(): void {
    this.expected().forEach(([id, verifiers]) => this.replicas.set(id, verifiers));
  }

  reach(id: string, verifiers: number): void {
    this.replicas.set(id, verifiers);
    this.reached.add(id);
    this.check();
  }

  acknowledge(id: string): void {
    this.acknowledged.add(id);
    this.check();
  }

  /** A replica that has stopped cannot accept anything. Its verifiers connect to others. */
  leave(id: string): void {
    if (!this.reached.has(id)) {
      this.replicas.delete(id);
      this.check();
    }
  }

  counts(): Omit<Proof, 'milliseconds'> {
    // Before the round has started, for example because others take long.
    const replicas = this.replicas.size === 0 ? new Map(this.expected()) : this.replicas;
    const verifiers = [...replicas.values()].reduce((sum, count) => sum + count, 0);
    return {
      verifiers,
      acknowledged: Math.min(this.acknowledged.size, verifiers),
      replicas: replicas.size,
      replicasReached: this.reached.size,
    };
  }

  private check(): void {
    if (this.isComplete) {
      this.finish();
    }
  }
}
