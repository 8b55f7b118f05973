import { type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { workerNumber } from '../metrics/worker-metrics.js';

/** Injection token of the {@link Pino} logger, which writes JSON lines to standard output. */
export const LOGGER = Symbol('LOGGER');

export type Logger = Pino;

/** Handles a failure: calls `write` to log it, now, later or never. */
type FailureFilter = (error: unknown, write: () => void) => void;

const filters = new WeakMap<Logger, FailureFilter>();

/** Lets `filter` handle the failures that {@link logFailure} logs with this logger. */
export function filterFailures(logger: Logger, filter: FailureFilter): void {
  filters.set(logger, filter);
}

/**
 * Logs a failure that can repeat with each request or each run of a job. While the database fails, the log
 * has one line for all of them. A failure of the database also starts the check that detects such an outage.
 */
export function logFailure(
  logger: Logger,
  fields: { readonly err: unknown; readonly [name: string]: unknown },
  message: string,
): void {
  const write = () => logger.warn(fields, message);
  const filter = filters.get(logger);
  if (filter) {
    filter(fields.err, write);
  } else {
    write();
  }
}

/** Logger contexts of Nest's startup errors. */
const START_CONTEXTS: unknown[] = ['ExceptionHandler', 'NestApplication'];

/**
 * Creates the logger. It writes errors with their stack, and only the header fields named here. In a server
 * with several workers, each line has the number of the worker.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const worker = workerNumber();
  const base = worker === undefined ? undefined : { worker: Number(worker) };
  return pino(
    { level, base, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination ?? pino.destination(1),
  );
}

/**
 * Returns the loggable members of an error. Errors of drivers also hold parameters and rows: digests, hashes,
 * names.
 */
function describeError(error: Error & { code?: unknown }): object {
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, code: error.code };
}

/** Passes the log messages of Nest to {@link Pino}. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    // Nest logs each route and module at `log`, which is too much for operators.
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    const err = message instanceof Error ? message : undefined;
    // `main` reports startup errors in one line. Their stack is logged at `debug` only.
    const level = START_CONTEXTS.includes(context) ? 'debug' : 'error';
    this.logger[level]({ err, context, stack: err ? undefined : stack }, String(message));
  }

  debug(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }

  verbose(message: unknown, context?: unknown): void {
    this.logger.trace({ context }, String(message));
  }
}
