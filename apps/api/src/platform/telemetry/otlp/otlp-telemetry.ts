import { randomUUID } from 'node:crypto';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type FastifyInstance } from 'fastify';
import { type DataSource } from 'typeorm';
import { VERSION } from '../../../common/version.js';
import { type TelemetrySettings } from '../../config/telemetry-settings.js';
import { type Logger } from '../../logging/logger.js';
import { type Metrics } from '../../metrics/metrics.service.js';
import {
  type Telemetry,
  type TelemetryProcess,
  type TracedCaller,
  type TracedWork,
  type TraceHeaders,
} from '../telemetry.js';
import { ExportFailures } from './export-failures.js';
import { exporterOptions } from './exporter-options.js';
import { RegistryMetrics } from './registry-metrics.js';
import { RequestTraces } from './request-traces.js';
import { samplerOf } from './sampler.js';
import { StatementSpans } from './statement-spans.js';

/** Longest wait for the last export, unless LATCHKEY_SHUTDOWN_SECONDS is shorter. */
const FLUSH_MILLISECONDS = 2_000;

/** Export by OTLP over HTTP, with the packages of OpenTelemetry. */
export class OtlpTelemetry implements Telemetry {
  private readonly resource: Resource;
  private readonly tracerProvider: TracerProvider | undefined;
  private readonly traces: RequestTraces | undefined;
  private meterProvider: MeterProvider | undefined;

  constructor(
    private readonly settings: TelemetrySettings,
    private readonly process: TelemetryProcess,
    logger: Logger,
  ) {
    new ExportFailures(logger).install(diag, DiagLogLevel.WARN, setGlobalErrorHandler);
    this.resource = resourceOf(process.serviceName);
    const { traces, metrics } = settings;
    if (traces) {
      this.tracerProvider = new TracerProvider({
        resource: this.resource,
        sampler: samplerOf(traces.sampler, traces.ratio),
        spanProcessors: [
          new BatchSpanProcessor({
            exporter: new OTLPTraceExporter(exporterOptions(traces)),
            maxQueueSize: traces.queueSize,
            maxExportBatchSize: traces.batchSize,
            scheduledDelayMillis: traces.delayMilliseconds,
            exportTimeoutMillis: traces.timeoutMilliseconds,
          }),
        ],
      });
      this.traces = new RequestTraces(this.tracerProvider.getTracer('latchkey', VERSION));
    }
    logger.info(
      { traces: originOf(traces?.url), metrics: originOf(metrics?.url) },
      'Telemetry is exported by OTLP',
    );
  }

  observe(server: FastifyInstance, metrics: Metrics): void {
    this.traces?.install(server);
    if (this.settings.metrics) {
      const { intervalMilliseconds, timeoutMilliseconds } = this.settings.metrics;
      const reader = new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(exporterOptions(this.settings.metrics)),
        exportIntervalMillis: intervalMilliseconds,
        exportTimeoutMillis: timeoutMilliseconds,
        metricProducers: [new RegistryMetrics(metrics)],
      });
      this.meterProvider = new MeterProvider({ resource: this.resource, readers: [reader] });
    }
    // Runs after the last request and before the database closes, which some metrics read.
    server.addHook('onClose', () => this.stop());
  }

  observeStatements(source: DataSource): void {
    if (this.traces) {
      source.subscribers.push(new StatementSpans(this.traces));
    }
  }

  trace<T>(work: TracedWork<T>, run: (headers: TraceHeaders) => Promise<T>): Promise<T> {
    return this.traces ? this.traces.trace(work, run) : run({});
  }

  readonly setCaller = (caller: TracedCaller): void => this.traces?.setCaller(caller);

  /** Exports what is left. A receiver that does not respond delays the stop by at most two seconds. */
  private async stop(): Promise<void> {
    const limit = Math.min(FLUSH_MILLISECONDS, (this.process.shutdownSeconds * 1_000) / 2);
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, limit)));
    const isExported = Promise.allSettled([this.tracerProvider?.shutdown(), this.meterProvider?.shutdown()]);
    await Promise.race([isExported, isLate]);
    clearTimeout(timer);
  }
}

/** Describes this process. The environment takes precedence. */
function resourceOf(serviceName: string): Resource {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': serviceName,
        'service.version': VERSION,
        'service.instance.id': randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Returns the origin of a URL, whose path and credentials may be secret. */
function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).origin;
}
