import { Injectable } from '@nestjs/common';
import { type Histogram } from 'prom-client';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../../platform/metrics/metrics.js';

/** Seconds. */
const BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

/** Counts verifications of tokens: in plain numbers, as every request has one. */
@Injectable()
export class Verifications {
  private readonly counts = { memory: 0, database: 0, refused: 0 };
  private readonly lookUps: Histogram;

  constructor(metrics: Metrics) {
    metrics.counts(
      'latchkey_verifications_total',
      'Tokens that were verified: known from memory, looked up in the database, or refused.',
      'result',
      () => this.counts,
    );
    this.lookUps = metrics.histogram(
      'latchkey_token_lookup_duration_seconds',
      'Look-ups of tokens that were not known from memory.',
      [],
      BUCKETS,
    );
  }

  /** Counts a token that was known. */
  countCached(): void {
    this.counts.memory += 1;
  }

  /** Counts and measures the look-up of a token, and hands its outcome on. */
  async countLookUp<T>(lookUp: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      const holder = await lookUp();
      this.counts.database += 1;
      return holder;
    } catch (error) {
      this.counts.refused += error instanceof ApplicationError ? 1 : 0;
      throw error;
    } finally {
      this.lookUps.observe((performance.now() - start) / 1_000);
    }
  }
}
