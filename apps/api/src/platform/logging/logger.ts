import { type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';

/** Injection token of the process's {@link Pino} logger: JSON lines on standard output. */
export const LOGGER = Symbol('LOGGER');

/** The process's logger. */
export type Logger = Pino;

/** The names under which Nest logs what stops the start. */
const START_CONTEXTS: unknown[] = ['ExceptionHandler', 'NestApplication'];

/** Makes the logger. Errors are written with their stack; nothing is ever written of headers but what is named here. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination ?? pino.destination(1),
  );
}

/** What is written of an error: drivers hang their parameters, and whole rows, onto theirs: digests, hashes, names. */
function describeError(error: Error & { code?: unknown }): object {
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, code: error.code };
}

/** Lets Nest log through {@link Pino}. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    // Nest tells each route and module at `log`; people who run the server want that at `debug` only.
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    const err = message instanceof Error ? message : undefined;
    // What stops the start is told by `main`, in one line; people who run the server want its stack at `debug` only.
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
