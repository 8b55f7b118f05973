import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** Environment variable with the number of a worker, starting at 1. The process that starts the workers sets it. */
export const WORKER_NUMBER = 'WORKER_NUMBER';

/** Returns the number of this worker; `undefined` in a server without workers. */
export function workerNumber(): string | undefined {
  return cluster.isWorker ? process.env[WORKER_NUMBER] : undefined;
}

/** Message with which a worker requests the metrics of all workers. */
export const METRICS_REQUEST = 'metrics';

/** Response to {@link METRICS_REQUEST}. */
export type MetricsAnswer = { readonly metrics: string } | { readonly failure: string };

/** Metrics of all workers. Each series has the label `worker`, because each worker counts separately, like a replica. */
export class WorkerMetrics {
  /** Pending request, which later callers share. */
  private asking: Promise<string> | undefined;

  constructor(
    private readonly registry: Registry,
    worker: string,
  ) {
    registry.setDefaultLabels({ worker });
    AggregatorRegistry.setRegistries(registry);
    // Adds the listener that sends the metrics of this worker.
    new AggregatorRegistry();
  }

  /** Keeps the series of all workers for each metric. By default, prom-client omits some, such as the start time of the process. */
  keepAll(): void {
    this.registry.getMetricsAsArray().forEach((metric) => Object.assign(metric, { aggregator: 'first' }));
  }

  /** Returns the metrics of all workers in the text format of Prometheus. */
  metrics(): Promise<string> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      const receive = (message: unknown): void => {
        const answer = message as Partial<{ metrics: string; failure: string }>;
        if (answer.metrics !== undefined) {
          resolve(answer.metrics);
        } else if (answer.failure !== undefined) {
          reject(new Error(answer.failure));
        } else {
          return;
        }
        process.removeListener('message', receive);
      };
      process.on('message', receive);
      process.send?.(METRICS_REQUEST);
    });
  }
}
