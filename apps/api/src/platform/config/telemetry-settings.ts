import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../common/application-error.js';
import { describeReadError } from './read-error.js';

/** Signals that Latchkey exports. */
type Signal = 'TRACES' | 'METRICS';

/** Receiver of one signal. The exporters read headers, timeout and compression from the environment. */
export interface SignalSettings {
  readonly url: string;
  /** Certificates in PEM, for https. */
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

/** Export of traces and metrics by OTLP, from the environment variables that OpenTelemetry specifies. */
export interface TelemetrySettings {
  readonly traces?: SignalSettings & {
    readonly sampler: SamplerName;
    /** Share of the traces that samplers with a ratio keep, from 0 to 1. */
    readonly ratio: number;
    readonly queueSize: number;
    readonly batchSize: number;
    readonly delayMilliseconds: number;
    readonly timeoutMilliseconds: number;
  };
  readonly metrics?: SignalSettings & {
    readonly intervalMilliseconds: number;
    readonly timeoutMilliseconds: number;
  };
}

const PREFIX = 'OTEL_EXPORTER_OTLP_';
const PROTOCOL = 'http/protobuf';
const WHOLE_MAX = 2 ** 31 - 1;

/**
 * Reads the settings of the export.
 *
 * @returns `undefined` if no endpoint is set, or the export is off.
 * @throws ConfigurationError for a value that the exporters would replace with a default.
 */
export function readTelemetrySettings(environment: NodeJS.ProcessEnv): TelemetrySettings | undefined {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const off = 'OTEL_SDK_DISABLED';
  if (oneOf(off, read(off)?.toLowerCase(), ['true', 'false'], 'false') === 'true') {
    return undefined;
  }
  const traces = signalSettings('TRACES', read);
  const metrics = signalSettings('METRICS', read);
  if (!traces && !metrics) {
    return undefined;
  }
  checkPairs('OTEL_RESOURCE_ATTRIBUTES', read('OTEL_RESOURCE_ATTRIBUTES'));
  const whole = (name: string, fallback: number) => wholeNumber(name, read(name), fallback);
  const queueSize = whole('OTEL_BSP_MAX_QUEUE_SIZE', 2_048);
  const intervalMilliseconds = whole('OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  return {
    ...(traces && {
      traces: {
        ...traces,
        sampler: oneOf('OTEL_TRACES_SAMPLER', read('OTEL_TRACES_SAMPLER'), SAMPLERS, 'parentbased_always_on'),
        ratio: ratioOf(read('OTEL_TRACES_SAMPLER_ARG')),
        queueSize,
        batchSize: Math.min(queueSize, whole('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
        delayMilliseconds: whole('OTEL_BSP_SCHEDULE_DELAY', 5_000),
        timeoutMilliseconds: whole('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
      },
    }),
    ...(metrics && {
      metrics: {
        ...metrics,
        intervalMilliseconds,
        timeoutMilliseconds: Math.min(intervalMilliseconds, whole('OTEL_METRIC_EXPORT_TIMEOUT', 30_000)),
      },
    }),
  };
}

function signalSettings(
  signal: Signal,
  read: (name: string) => string | undefined,
): SignalSettings | undefined {
  const nameOf = (setting: string) =>
    [`${PREFIX}${signal}_${setting}`, `${PREFIX}${setting}`].find((name) => read(name) !== undefined);
  const endpointName = nameOf('ENDPOINT');
  if (endpointName === undefined) {
    return undefined;
  }
  const exporter = `OTEL_${signal}_EXPORTER`;
  if (oneOf(exporter, read(exporter), ['otlp', 'none'], 'otlp') === 'none') {
    return undefined;
  }
  const checkWord = (setting: string, words: readonly string[]) => {
    const name = nameOf(setting);
    if (name !== undefined) {
      oneOf(name, read(name), words);
    }
  };
  checkWord('PROTOCOL', [PROTOCOL]);
  checkWord('COMPRESSION', ['gzip', 'none']);
  const headersName = nameOf('HEADERS');
  if (headersName !== undefined) {
    checkPairs(headersName, read(headersName));
  }
  const timeoutName = nameOf('TIMEOUT');
  if (timeoutName !== undefined) {
    wholeNumber(timeoutName, read(timeoutName), 0);
  }
  const file = (setting: string) => {
    const name = nameOf(setting);
    return name === undefined ? undefined : readCertificate(name, read(name) ?? '');
  };
  const ca = file('CERTIFICATE');
  const cert = file('CLIENT_CERTIFICATE');
  const key = file('CLIENT_KEY');
  return {
    url: urlOf(signal, endpointName, read(endpointName) ?? ''),
    tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
  };
}

/** Returns the URL of a signal. The endpoint for all signals is a base, the one for a signal is complete. */
function urlOf(signal: Signal, name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The value may contain credentials, so the error does not repeat it.
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(`${name}: must be an http or https URL, such as http://127.0.0.1:4318`);
  }
  if (name === `${PREFIX}ENDPOINT`) {
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal.toLowerCase()}`;
  }
  return url.href;
}

/** Returns the value if it is one of the words, or the default if there is none. */
function oneOf<Word extends string>(
  name: string,
  text: string | undefined,
  words: readonly Word[],
  fallback: Word | undefined = words[0],
): Word {
  const word = text === undefined ? fallback : words.find((known) => known === text);
  if (word === undefined) {
    throw new ConfigurationError(`${name}: must be ${words.join(' or ')}`);
  }
  return word;
}

/** The packages ignore malformed pairs, such as a header field with a colon. */
function checkPairs(name: string, text = ''): void {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  // The value may be a secret, so the error does not repeat it.
  if (!pairs.every((pair) => /^\s*[^\s=]+\s*=/.test(pair))) {
    throw new ConfigurationError(
      `${name}: must be NAME=value pairs separated by commas, such as api-key=abc`,
    );
  }
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) {
    return fallback;
  }
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1 || Number(text) > WHOLE_MAX) {
    throw new ConfigurationError(`${name}: must be a whole number from 1 to ${WHOLE_MAX}`);
  }
  return Number(text);
}

function ratioOf(text: string | undefined): number {
  if (text !== undefined && !/^(?:0|1|0?\.\d+|[01]\.0+)$/.test(text)) {
    throw new ConfigurationError('OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1, such as 0.01');
  }
  return Number(text ?? 1);
}

/** Returns the content of a file. The exporters would go on without it, and only warn. */
function readCertificate(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigurationError(`${name}: ${describeReadError(path, error)}`, { cause: error });
  }
}
