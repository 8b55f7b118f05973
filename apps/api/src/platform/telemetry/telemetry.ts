import { type FastifyInstance } from 'fastify';
import { type DataSource } from 'typeorm';
import { type TelemetrySettings } from '../config/telemetry-settings.js';
import { type Logger } from '../logging/logger.js';
import { type Metrics } from '../metrics/metrics.service.js';

/** Header fields that pass the trace on to another server (W3C Trace Context). */
export type TraceHeaders = Readonly<Record<string, string>>;

/** Work that gets a span of its own. */
export interface TracedWork<T = unknown> {
  /** Name of the span, with few different values. */
  readonly name: string;
  /** Sum on the span of the request that includes the time of this work. */
  readonly sum?: 'database' | 'hash';
  /** Whether the work is a call to another server. */
  readonly isCall?: boolean;
  /** Whether the work also gets a span outside a request, or after its end. */
  readonly isRoot?: boolean;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Describes the result of work that reports errors without throwing them. */
  readonly describe?: (result: T) => {
    readonly isError: boolean;
    readonly attributes: Readonly<Record<string, string | number>>;
  };
}

/** Ids of the user and the token of a request. */
export interface TracedCaller {
  readonly id: string;
  readonly token?: { readonly id: string };
}

/** Export of traces and metrics by OTLP. */
export interface Telemetry {
  /** Traces the requests of a server and exports its metrics until it closes. */
  observe(server: FastifyInstance, metrics: Metrics): void;
  /** Traces the statements of a data source. */
  observeStatements(source: DataSource): void;
  /** Runs work in a span of the current request. */
  trace<T>(work: TracedWork<T>, run: (headers: TraceHeaders) => Promise<T>): Promise<T>;
  /** Sets the caller of the current request. */
  readonly setCaller: (caller: TracedCaller) => void;
}

/** Name and longest shutdown of this process. */
export interface TelemetryProcess {
  readonly serviceName: string;
  readonly shutdownSeconds: number;
}

const NO_HEADERS: TraceHeaders = {};

let active: Telemetry | undefined;

/**
 * Starts the export of this process, if it is configured. Only then are the packages of OpenTelemetry loaded.
 */
export async function startTelemetry(
  settings: TelemetrySettings | undefined,
  process: TelemetryProcess,
  logger: Logger,
): Promise<void> {
  if (settings) {
    const { OtlpTelemetry } = await import('./otlp/otlp-telemetry.js');
    active = new OtlpTelemetry(settings, process, logger);
  }
}

/** Returns the export of this process; `undefined` if it is not configured. */
export function activeTelemetry(): Telemetry | undefined {
  return active;
}

/**
 * Runs work in a span of the current request. Without telemetry, only runs it.
 *
 * @param run performs the work. It gets the header fields to send with a call.
 */
export function traced<T>(work: TracedWork<T>, run: (headers: TraceHeaders) => Promise<T>): Promise<T> {
  return active ? active.trace(work, run) : run(NO_HEADERS);
}
