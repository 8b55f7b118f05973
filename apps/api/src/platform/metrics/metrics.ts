import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The figures of this process in the text format of Prometheus. None of them has a name, an address or an id. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  /** Media type of {@link text}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything that is measured, as it is now. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Counts something by a label of few values. */
  counter<Label extends string>(name: string, help: string, label: Label): Counter<Label> {
    return new Counter({ name, help, labelNames: [label], registers: [this.registry] });
  }

  /** Tells how much there is of something, which is looked up when somebody asks. */
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

  /** Tells how often something happened, as counted elsewhere, by a label: for what happens too often to be told each time. */
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

  /** Measures how long something takes, in seconds. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /** Measures the process as well: memory, processor time, the delay of the event loop. Once a process. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
