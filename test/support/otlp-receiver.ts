import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { waitUntil } from './wait-until.js';

type Attributes = Readonly<Record<string, string | number>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly milliseconds: number;
  readonly attributes: Attributes;
  /** 2 = error. */
  readonly status: number;
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  readonly points: {
    readonly attributes: Attributes;
    readonly value?: number;
    readonly count?: number;
    readonly sum?: number;
    readonly buckets?: readonly number[];
    readonly bounds?: readonly number[];
  }[];
}

/** Answers an export. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const accept: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
};

/** Kind of a server's span. */
const SERVER = 2;

/** Returns the trace id of a response. */
export const traceIdOf = ({ headers }: { headers: Headers }): string => headers.get('x-request-id') ?? '';

/** Receiver of OTLP over HTTP, in the binary format. */
export class OtlpReceiver {
  /** Bodies of all exports. */
  readonly bodies: Buffer[] = [];
  readonly requests: IncomingMessage[] = [];
  readonly spans: ReceivedSpan[] = [];
  /** Metrics of the last export. */
  metrics: ReceivedMetric[] = [];
  resource: Attributes = {};

  private constructor(private readonly server: Server) {}

  static async start(answer: Answer = accept): Promise<OtlpReceiver> {
    const server = createServer();
    const receiver = new OtlpReceiver(server);
    server.on('request', (request, response) => void receiver.receive(request, response, answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Settings of a Latchkey server that exports to this one, soon. */
  get environment() {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: this.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  }

  /** Returns the spans of a trace once its request has been exported. */
  async spansOf(traceId: string): Promise<{ request: ReceivedSpan; others: ReceivedSpan[] }> {
    const inTrace = () => this.spans.filter((span) => span.traceId === traceId);
    const isRequest = ({ kind }: ReceivedSpan) => kind === SERVER;
    await waitUntil(() => inTrace().some(isRequest));
    const [request] = inTrace().filter(isRequest);
    return { request: request!, others: inTrace().filter((span) => !isRequest(span)) };
  }

  async close(): Promise<void> {
    const isClosed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await isClosed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    this.requests.push(request);
    this.bodies.push(body);
    for (const ofResource of messages(body, 1)) {
      this.resource = attributesOf(messages(ofResource, 1)[0] ?? NOTHING, 1);
      const items = messages(ofResource, 2).flatMap((ofScope) => messages(ofScope, 2));
      if (request.url?.endsWith('/v1/traces')) {
        this.spans.push(...items.map(spanOf));
      } else {
        this.metrics = items.map(metricOf);
      }
    }
    answer(request, response);
  }
}

const NOTHING = Buffer.alloc(0);

/** Field of a protobuf message: a number, eight bytes, or the bytes of a text or message. */
interface Field {
  readonly number: number;
  readonly integer: bigint;
  readonly bytes: Buffer;
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        return value;
      }
    }
  };
  const take = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, integer: varint(), bytes: NOTHING });
        break;
      case 1:
        fields.push({ number, integer: 0n, bytes: take(8) });
        break;
      case 2:
        fields.push({ number, integer: 0n, bytes: take(Number(varint())) });
        break;
      case 5:
        fields.push({ number, integer: 0n, bytes: take(4) });
        break;
      default:
        throw new Error('This is not protobuf.');
    }
  }
  return fields;
}

const messages = (message: Buffer, number: number): Buffer[] =>
  fieldsOf(message)
    .filter((field) => field.number === number)
    .map(({ bytes }) => bytes);

const first = (message: Buffer, number: number): Field | undefined =>
  fieldsOf(message).find((field) => field.number === number);

const text = (message: Buffer, number: number, encoding: BufferEncoding = 'utf8'): string =>
  first(message, number)?.bytes.toString(encoding) ?? '';

const eightBytes = (bytes: Buffer, read: (at: number) => number): number[] =>
  Array.from({ length: bytes.length / 8 }, (_, index) => read(8 * index));

const doubles = (bytes: Buffer = NOTHING): number[] => eightBytes(bytes, (at) => bytes.readDoubleLE(at));

const integers = (bytes: Buffer = NOTHING): number[] =>
  eightBytes(bytes, (at) => Number(bytes.readBigUInt64LE(at)));

function attributesOf(message: Buffer, number: number): Attributes {
  return Object.fromEntries(
    messages(message, number).map((pair) => {
      const value = fieldsOf(messages(pair, 2)[0] ?? NOTHING)[0];
      const values = { 1: value?.bytes.toString(), 3: Number(value?.integer), 4: doubles(value?.bytes)[0] };
      return [text(pair, 1), values[value?.number as 1 | 3 | 4] ?? ''];
    }),
  );
}

function spanOf(span: Buffer): ReceivedSpan {
  const [start = 0n, end = 0n] = [7, 8].map((number) => first(span, number)?.bytes.readBigUInt64LE());
  return {
    traceId: text(span, 1, 'hex'),
    spanId: text(span, 2, 'hex'),
    parentSpanId: text(span, 4, 'hex'),
    name: text(span, 5),
    kind: Number(first(span, 6)?.integer),
    milliseconds: Number(end - start) / 1e6,
    attributes: attributesOf(span, 9),
    status: Number(first(messages(span, 15)[0] ?? NOTHING, 3)?.integer ?? 0),
  };
}

const KINDS = { 5: 'gauge', 7: 'sum', 9: 'histogram' } as const;

function metricOf(metric: Buffer): ReceivedMetric {
  const data = fieldsOf(metric).find(({ number }) => number in KINDS);
  const kind = KINDS[data?.number as keyof typeof KINDS];
  const points = messages(data?.bytes ?? NOTHING, 1).map((point) =>
    kind === 'histogram'
      ? {
          attributes: attributesOf(point, 9),
          count: integers(first(point, 4)?.bytes)[0],
          sum: doubles(first(point, 5)?.bytes)[0],
          buckets: integers(first(point, 6)?.bytes),
          bounds: doubles(first(point, 7)?.bytes),
        }
      : { attributes: attributesOf(point, 7), value: doubles(first(point, 4)?.bytes)[0] },
  );
  return { name: text(metric, 1), unit: text(metric, 3), kind, points };
}
