import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** Environment variable with the number of a worker, from 1. The process that starts the workers sets it. */
export const WORKER_NUMBER = 'WORKER_NUMBER';

/** Time within which a worker must return its metrics. Without them, the others are still returned. */
const COLLECT_MILLISECONDS = 1_000;

/** Messages between the first process and a worker. */
type Message =
  /** A worker asks for the metrics of all workers. */
  | { readonly kind: 'scrape' }
  /** The first process asks a worker for its own metrics. */
  | { readonly kind: 'collect'; readonly request: number }
  | { readonly kind: 'collected'; readonly request: number; readonly metrics: object[] }
  | { readonly kind: 'scraped'; readonly text: string };

/** Returns the number of this worker; `undefined` in a server without workers. */
export function workerNumber(): string | undefined {
  return cluster.isWorker ? process.env[WORKER_NUMBER] : undefined;
}

/**
 * Metrics of all workers. Each series has the label `worker`, because a worker counts for itself, as a
 * replica does.
 */
export class WorkerMetrics {
  private readonly waiting: ((text: string) => void)[] = [];

  constructor(
    private readonly registry: Registry,
    worker: string,
  ) {
    registry.setDefaultLabels({ worker });
    process.on('message', (message: Message) => {
      if (message.kind === 'collect') {
        void this.collect(message.request);
      } else if (message.kind === 'scraped') {
        this.waiting.splice(0).forEach((resolve) => resolve(message.text));
      }
    });
  }

  /**
   * Returns the metrics of all workers in the text format of Prometheus. Requests at the same time share the
   * answer.
   */
  metrics(): Promise<string> {
    return new Promise((resolve) => {
      if (this.waiting.push(resolve) === 1) {
        process.send?.({ kind: 'scrape' } satisfies Message);
      }
    });
  }

  private async collect(request: number): Promise<void> {
    const metrics = await this.registry.getMetricsAsJSON();
    // prom-client would leave out some, such as the start time of the process. The label keeps all of them
    // apart.
    const kept = metrics.map((metric) => ({ ...metric, aggregator: 'first' as const }));
    process.send?.({ kind: 'collected', request, metrics: kept } satisfies Message);
  }
}

/** Lets each worker return the metrics of all workers. For the process that starts them. */
export function answerScrapes(): void {
  let requests = 0;
  cluster.on('message', (worker, message: Message) => {
    if (message.kind === 'scrape') {
      requests += 1;
      void scrape(requests).then((text) => sendTo(worker, { kind: 'scraped', text }));
    }
  });
}

async function scrape(request: number): Promise<string> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  const collected = await Promise.all(workers.map((worker) => collectFrom(worker, request)));
  return AggregatorRegistry.aggregate(collected).metrics();
}

/** Returns the metrics of a worker; none if it exits or does not respond in time. */
function collectFrom(worker: Worker, request: number): Promise<object[]> {
  return new Promise((resolve) => {
    const finish = (metrics: object[]): void => {
      clearTimeout(timer);
      worker.removeListener('message', receive);
      worker.removeListener('exit', leave);
      resolve(metrics);
    };
    const receive = (message: Message): void => {
      if (message.kind === 'collected' && message.request === request) {
        finish(message.metrics);
      }
    };
    const leave = (): void => finish([]);
    const timer = setTimeout(leave, COLLECT_MILLISECONDS);
    worker.on('message', receive);
    worker.on('exit', leave);
    sendTo(worker, { kind: 'collect', request });
  });
}

function sendTo(worker: Worker, message: Message): void {
  if (worker.isConnected()) {
    // A worker that has just exited cannot receive it.
    worker.send(message, () => undefined);
  }
}
