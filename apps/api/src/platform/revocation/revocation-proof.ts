import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Histogram } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { type Replica, type ReplicaMessage, Replicas } from './replicas.js';

/**
 * Minimum time between the starts of two rounds. Every user can start one, and in each, all verifiers send a request. Requests that
 * arrive in the meantime share the next round.
 */
const INTERVAL_MILLISECONDS = 100;

/** Time after which the next round starts while another one still waits, for example for a verifier that does not respond. */
const OVERLAP_MILLISECONDS = 1_000;

/** In seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Number of verifiers and replicas that reject the revoked tokens. */
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
  /** Round that has not started. It proves everything that is committed before it starts. */
  private next: Round | undefined;
  private nextTimer: NodeJS.Timeout | undefined;
  private latestStart = -Infinity;
  private readonly durations: Histogram;
  private readonly results = { complete: 0, incomplete: 0 };

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
    metrics.counts(
      'latchkey_revocation_proofs_total',
      'Revocations with await that all verifiers and replicas acknowledged in time (complete), or not (incomplete).',
      'result',
      () => this.results,
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
    const counts = round.counts();
    const isComplete = counts.acknowledged === counts.verifiers && counts.replicasReached === counts.replicas;
    this.results[isComplete ? 'complete' : 'incomplete'] += 1;
    return { ...counts, milliseconds: Math.round(duration) };
  }

  /** Adds a proof to the result of a request with `await`. */
  async add<T extends object>(seconds: number | undefined, result: T): Promise<T & { proof?: Proof }> {
    return seconds === undefined ? result : { ...result, proof: await this.prove(seconds * 1_000) };
  }

  private join(): Round {
    const round = (this.next ??= new Round(() => this.replicas.list()));
    round.participants += 1;
    this.startNext();
    return round;
  }

  /** Starts the next round, now or later. */
  private startNext(): void {
    clearTimeout(this.nextTimer);
    const { next: round } = this;
    if (!round) {
      return;
    }
    const pause = this.rounds.size > 0 ? OVERLAP_MILLISECONDS : INTERVAL_MILLISECONDS;
    const rest = this.latestStart + pause - performance.now();
    if (rest > 0) {
      this.nextTimer = setTimeout(() => this.startNext(), Math.ceil(rest));
      return;
    }
    this.next = undefined;
    this.latestStart = performance.now();
    this.rounds.set(round.id, round);
    round.begin();
    void this.replicas.send({ kind: 'sync', sync: round.id });
  }

  /** Ends a round that no request waits for. */
  private end(round: Round): void {
    if (this.rounds.delete(round.id)) {
      void this.replicas.send({ kind: 'done', sync: round.id });
    } else {
      this.next = undefined;
    }
    this.startNext();
  }

  private receive(message: ReplicaMessage): void {
    switch (message.kind) {
      case 'reached':
        this.rounds.get(message.sync)?.reach(message.id, message.verifiers, message.parts);
        break;
      case 'acknowledged':
        this.rounds.get(message.sync)?.acknowledge(message.verifiers);
        break;
      case 'lapsed':
        this.rounds.get(message.sync)?.lapse(message.id, message.verifiers);
        break;
      case 'leaving':
        // The other replicas answer for its verifiers in later rounds, but not in those that they have already reached.
        this.rounds.forEach((round) => round.leave(message));
        break;
      default:
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
  /** Number of messages that are missing from each replica; `undefined` before the first one. */
  private readonly missingParts = new Map<string, number | undefined>();
  /** Verifiers that each replica has named. */
  private readonly verifiers = new Set<string>();
  /** Replicas that have named a verifier, and have not reported it as lapsed. */
  private readonly open = new Map<string, Set<string>>();
  private readonly acknowledged = new Set<string>();

  constructor(private readonly expected: () => readonly Replica[]) {
    this.done = new Promise((resolve) => (this.finish = resolve));
  }

  begin(): void {
    this.expected().forEach(({ id }) => this.missingParts.set(id, undefined));
  }

  reach(id: string, verifiers: readonly string[], parts: number): void {
    this.missingParts.set(id, (this.missingParts.get(id) ?? parts) - 1);
    for (const verifier of verifiers) {
      this.verifiers.add(verifier);
      this.open.set(verifier, (this.open.get(verifier) ?? new Set()).add(id));
    }
    this.check();
  }

  acknowledge(verifiers: readonly string[]): void {
    verifiers.forEach((verifier) => this.acknowledged.add(verifier));
    this.check();
  }

  /** Verifiers can no longer answer from memory because of this replica. They may be connected to another one. */
  lapse(id: string, verifiers: readonly string[]): void {
    verifiers.forEach((verifier) => this.open.get(verifier)?.delete(id));
    this.check();
  }

  /** A replica that has stopped cannot accept anything, but its verifiers can for a while. */
  leave({ id, verifiers, following }: ReplicaMessage & { kind: 'leaving' }): void {
    if (this.missingParts.has(id) && this.missingParts.get(id) !== 0) {
      if (following === 0) {
        this.missingParts.delete(id);
      }
      verifiers.forEach((verifier) => {
        this.verifiers.add(verifier);
        this.open.set(verifier, (this.open.get(verifier) ?? new Set()).add(id));
      });
      this.check();
    }
  }

  counts(): Omit<Proof, 'milliseconds'> {
    const isStarted = this.missingParts.size > 0;
    const expected = this.expected();
    const missing = [...this.verifiers].filter((verifier) => !this.isDone(verifier)).length;
    return {
      // Until the round starts, for example while other rounds take long, only the number of verifiers is known.
      verifiers: isStarted
        ? this.verifiers.size
        : expected.reduce((sum, { verifiers }) => sum + verifiers, 0),
      acknowledged: this.verifiers.size - missing,
      replicas: isStarted ? this.missingParts.size : expected.length,
      replicasReached: [...this.missingParts.values()].filter((count) => count === 0).length,
    };
  }

  private isDone(verifier: string): boolean {
    return this.acknowledged.has(verifier) || this.open.get(verifier)?.size === 0;
  }

  private check(): void {
    const isReached = [...this.missingParts.values()].every((count) => count === 0);
    if (isReached && [...this.verifiers].every((verifier) => this.isDone(verifier))) {
      this.finish();
    }
  }
}
