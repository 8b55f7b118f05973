import { Injectable } from '@nestjs/common';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { WorkerMetrics, workerNumber } from './worker-metrics.js';

/** Start of the only metric that depends on the request, so that no registry holds it. */
const SCRAPE_TOKEN_EXPIRY = `# HELP latchkey_scrape_token_expiry_timestamp_seconds Expiry of the token that reads these metrics.
# TYPE latchkey_scrape_token_expiry_timestamp_seconds gauge
latchkey_scrape_token_expiry_timestamp_seconds`;

/** Metrics of this server in the text format of Prometheus. Their labels hold no names, addresses or ids. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly workers: WorkerMetrics | undefined;

  constructor() {
    const number = workerNumber();
    this.workers = number === undefined ? undefined : new WorkerMetrics(this.registry, number);
  }

  /** Media type of {@link text}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /**
   * Returns the current values of all metrics of all workers.
   *
   * @param scrapeTokenExpiry expiry of the token of this request; `null` if it has none.
   */
  async text(scrapeTokenExpiry: EpochMilliseconds | null = null): Promise<string> {
    const expiry = scrapeTokenExpiry === null ? '' : `${SCRAPE_TOKEN_EXPIRY} ${scrapeTokenExpiry / 1_000}\n`;
    return (await (this.workers ?? this.registry).metrics()) + expiry;
  }

  /** Returns the current values of all metrics of this process. */
  values(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    return this.registry.getMetricsAsJSON();
  }

  /** Creates a counter with a label of few values. */
  counter<Label extends string>(name: string, help: string, label: Label): Counter<Label> {
    return new Counter({ name, help, labelNames: [label], registers: [this.registry] });
  }

  /** Creates a gauge whose value is read at each scrape. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /**
   * Creates a gauge with a label of few values, which are read at each scrape. It has no values before they
   * are known.
   */
  gauges<Label extends string>(
    name: string,
    help: string,
    label: Label,
    read: () => Readonly<Record<string, number>> | undefined,
  ): void {
    new Gauge<Label>({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        Object.entries(read() ?? {}).forEach(([value, amount]) =>
          this.set({ [label]: value } as Record<Label, string>, amount),
        );
      },
    });
  }

  /**
   * Creates a counter whose values are counted elsewhere and read at each scrape, for very frequent events.
   */
  counts<Label extends string>(
    name: string,
    help: string,
    label: Label,
    read: () => Readonly<Record<string, number>>,
  ): void {
    new Counter<Label>({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        Object.entries(read()).forEach(([value, count]) =>
          this.inc({ [label]: value } as Record<Label, string>, count),
        );
      },
    });
  }

  /** Creates a histogram of durations in seconds. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /**
   * Adds the default metrics of the process: memory, processor time, event-loop delay. Call it once per
   * process.
   */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
