import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../common/application-error.js';
import { readTelemetrySettings } from './telemetry-settings.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example.org:4318' };

function rejectionOf(environment: NodeJS.ProcessEnv): string {
  try {
    readTelemetrySettings({ ...ENDPOINT, ...environment });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message;
  }
  throw new Error(`${JSON.stringify(environment)} was taken`);
}

const urlsOf = (environment: NodeJS.ProcessEnv) => {
  const settings = readTelemetrySettings(environment);
  return [settings?.traces?.url, settings?.metrics?.url];
};

describe('readTelemetrySettings', () => {
  it.each([
    [{}],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    [{ OTEL_SERVICE_NAME: 'latchkey' }],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'True' }],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }],
  ])('returns nothing for %j', (environment) => {
    expect(readTelemetrySettings(environment)).toBeUndefined();
  });

  it.each([
    [ENDPOINT, '/v1/traces', '/v1/metrics'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT.OTEL_EXPORTER_OTLP_ENDPOINT}/a/` },
      '/a/v1/traces',
      '/a/v1/metrics',
    ],
    [{ ...ENDPOINT, OTEL_METRICS_EXPORTER: 'none' }, '/v1/traces', undefined],
    [
      {
        ...ENDPOINT,
        OTEL_SDK_DISABLED: 'False',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a=b, authorization=Bearer%20c,',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      },
      '/v1/traces',
      '/v1/metrics',
    ],
    [
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${ENDPOINT.OTEL_EXPORTER_OTLP_ENDPOINT}/push` },
      undefined,
      '/push',
    ],
  ])('reads the endpoints of %j', (environment, traces, metrics) => {
    const base = ENDPOINT.OTEL_EXPORTER_OTLP_ENDPOINT;

    expect(urlsOf(environment)).toEqual([traces && base + traces, metrics && base + metrics]);
  });

  it('has the defaults of the specification', () => {
    expect(readTelemetrySettings(ENDPOINT)).toMatchObject({
      traces: {
        sampler: 'parentbased_always_on',
        ratio: 1,
        queueSize: 2_048,
        batchSize: 512,
        delayMilliseconds: 5_000,
        timeoutMilliseconds: 30_000,
      },
      metrics: { intervalMilliseconds: 60_000, timeoutMilliseconds: 30_000 },
    });
  });

  it('limits the batch to the queue, and the timeout to the interval', () => {
    const settings = readTelemetrySettings({
      ...ENDPOINT,
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    });

    expect([settings?.traces?.batchSize, settings?.metrics?.timeoutMilliseconds]).toEqual([10, 1_000]);
  });

  it.each([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'a secret' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL',
    ],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf'],
    [
      { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: must be http/protobuf',
    ],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER: must be otlp or none'],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'br' }, 'OTEL_EXPORTER_OTLP_COMPRESSION: must be gzip or none'],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'OTEL_TRACES_SAMPLER: must be always_on or'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1'],
    [{ OTEL_BSP_MAX_QUEUE_SIZE: '-1' }, 'OTEL_BSP_MAX_QUEUE_SIZE: must be a whole number from 1 to'],
    [{ OTEL_SDK_DISABLED: 'yes' }, 'OTEL_SDK_DISABLED: must be true or false'],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a,authorization: Bearer b' },
      'OTEL_EXPORTER_OTLP_HEADERS: must be NAME=value pairs',
    ],
    [{ OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'abc' }, 'OTEL_EXPORTER_OTLP_METRICS_HEADERS: must be NAME=value'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'production' }, 'OTEL_RESOURCE_ATTRIBUTES: must be NAME=value pairs'],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, 'OTEL_EXPORTER_OTLP_TIMEOUT: must be a whole number from 1 to'],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: '/no/such/file' }, 'OTEL_EXPORTER_OTLP_CERTIFICATE: /no/such/file'],
  ])('rejects %j', (environment, message) => {
    const rejection = rejectionOf(environment);

    expect(rejection).toContain(message);
    expect(rejection).not.toContain('a secret');
  });
});
