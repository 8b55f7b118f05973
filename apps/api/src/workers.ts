import cluster, { type Address, type Worker } from 'node:cluster';
import { isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import { type Config } from './platform/config/config.js';
import { hashesAtOnce } from './platform/crypto/hash-queue.service.js';
import { type Logger } from './platform/logging/logger.js';
import { answerScrapes, WORKER_NUMBER } from './platform/metrics/worker-metrics.js';

/** Pause before a worker is replaced, so that a worker that exits immediately does not keep a core busy. */
const RESTART_MILLISECONDS = 1_000;

/** Time after the longest regular shutdown at which workers are killed. */
const KILL_SECONDS = 5;

/**
 * Starts the workers of this server and replaces each one that exits. On SIGTERM or SIGINT, stops them and
 * then this process.
 *
 * The first worker starts alone: it migrates the tables, creates the first administrator, and reports why a
 * start fails.
 *
 * @returns the URL on which the workers listen, once all of them do; `undefined` if it is unknown.
 */
export async function startWorkers(config: Config, logger: Logger): Promise<string | undefined> {
  const workers = new Map<number, Worker>();
  const listening = new Set<number>();
  // The workers share the cores for hashes. One thread of each worker stays free for files and DNS.
  const hashes = hashesAtOnce(availableParallelism(), process.env.UV_THREADPOOL_SIZE) / config.workers;
  const threads = String(Math.max(1, Math.floor(hashes)) + 1);
  let isStopping = false;

  const start = (number: number): Worker => {
    const worker = cluster.fork({ [WORKER_NUMBER]: String(number), UV_THREADPOOL_SIZE: threads });
    workers.set(number, worker);
    worker.once('exit', (code, signal) => {
      workers.delete(number);
      if (isStopping) {
        return;
      }
      if (listening.size === 0) {
        // The first worker has printed why it cannot start.
        process.exit(code || 1);
      }
      logger.error({ worker: number, code, signal }, 'A worker exited. Another one replaces it');
      setTimeout(() => {
        if (!isStopping) {
          start(number);
        }
      }, RESTART_MILLISECONDS);
    });
    return worker;
  };

  const stop = (signal: string): void => {
    if (isStopping) {
      process.exit(1);
    }
    isStopping = true;
    const running = [...workers.values()];
    const exits = running.map(
      (worker) =>
        new Promise<boolean>((resolve) => {
          // A worker that is still starting has no handler for the signal, so the signal ends it.
          worker.once('exit', (code, ended) => resolve(code === 0 || ended === 'SIGTERM'));
        }),
    );
    running.forEach(({ process: child }) => child.kill('SIGTERM'));
    logger.info({ signal, workers: running.length }, 'Stopping the workers');
    const longest = 2 * config.drainSeconds + 2 + config.shutdownSeconds + KILL_SECONDS;
    setTimeout(() => running.forEach(({ process: child }) => child.kill('SIGKILL')), longest * 1_000).unref();
    void Promise.all(exits).then((areClean) => process.exit(areClean.every(Boolean) ? 0 : 1));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  answerScrapes();

  return new Promise((resolve) => {
    cluster.on('listening', (worker, address) => {
      const isFirst = listening.size === 0;
      [...workers].filter(([, each]) => each === worker).forEach(([number]) => listening.add(number));
      for (let number = 2; isFirst && number <= config.workers; number += 1) {
        start(number);
      }
      if (listening.size === config.workers) {
        resolve(urlOf(address));
      }
    });
    start(1);
  });
}

/** Returns the URL of the workers. For a socket that was passed to this process, Node reports no address. */
function urlOf({ address, port }: Partial<Address>): string | undefined {
  return address ? `http://${isIPv6(address) ? `[${address}]` : address}:${port}` : undefined;
}
