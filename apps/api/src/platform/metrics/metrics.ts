import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics of this process in the text format of Prometheus. Their labels hold no names, addresses or ids. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  /** Media type of {@link text}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Returns the current values of all metrics. */
  text(): Promise<string> {
    return this.registry.metrics();
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

  /** Creates a counter whose values are counted elsewhere and read at each scrape, for very frequent events. */
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

  /** Adds the default metrics of the process: memory, processor time, event-loop delay. Call it once per process. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
