import { type DiagAPI, type DiagLogger, type DiagLogLevel } from '@opentelemetry/api';
import { type Logger } from '../../logging/logger.js';

/** Time in which failures of the export are logged only once. */
const QUIET_MILLISECONDS = 60_000;

const REASON_MAX_LENGTH = 200;

/** Logs that the export fails, at most once a minute. */
export class ExportFailures {
  private nextTime = 0;

  constructor(private readonly logger: Logger) {}

  /** Receives the messages and errors of the packages. */
  install(
    diag: DiagAPI,
    logLevel: DiagLogLevel,
    setErrorHandler: (handle: (error: unknown) => void) => void,
  ): void {
    const ignore = () => undefined;
    const report = (...parts: unknown[]) => this.report(parts);
    const target: DiagLogger = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger(target, { logLevel, suppressOverrideMessage: true });
    setErrorHandler(report);
  }

  private report(parts: readonly unknown[]): void {
    const now = performance.now();
    if (now >= this.nextTime) {
      this.nextTime = now + QUIET_MILLISECONDS;
      const reason = parts.map(reasonOf).join(' ').slice(0, REASON_MAX_LENGTH);
      this.logger.warn({ reason }, 'The export of telemetry fails. Requests are not affected');
    }
  }
}

/** Returns the message of an error without its stack and without the response of the receiver. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return typeof error === 'string' ? error : typeof error;
  }
  const { code } = error as { code?: unknown };
  return [error.message, code].filter(Boolean).join(' ');
}
