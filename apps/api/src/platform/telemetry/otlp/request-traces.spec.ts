import { request as sendRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fastify, { type FastifyInstance } from 'fastify';
import { type TracedWork } from '../telemetry.js';
import { RequestTraces } from './request-traces.js';
import { samplerOf } from './sampler.js';

const CALL: TracedWork = { name: 'call', isCall: true };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]$/;

let exporter: InMemorySpanExporter;
let traces: RequestTraces;
let server: FastifyInstance;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  traces = tracesWith('parentbased_always_on');
  server = fastify();
});

afterEach(() => server.close());

function tracesWith(sampler: Parameters<typeof samplerOf>[0]): RequestTraces {
  const provider = new TracerProvider({
    sampler: samplerOf(sampler, 0),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  return new RequestTraces(provider.getTracer('test'));
}

/** Serves one request by `run`, and returns the finished spans. */
async function request(run: () => Promise<unknown>, headers: Record<string, string> = {}) {
  traces.install(server);
  server.get('/run', async () => {
    await run();
    return 'done';
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  await (await fetch(`${url}/run`, { headers })).text();
  await server.close();
  return exporter.getFinishedSpans();
}

const headersOf = (work: TracedWork) => traces.trace(work, (headers) => Promise.resolve(headers));

describe('RequestTraces.trace', () => {
  it('passes on the trace of the request, with the span of the call', async () => {
    let sent: Readonly<Record<string, string>> = {};
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, tracestate: 'vendor=1' };

    const spans = await request(async () => (sent = await headersOf(CALL)), headers);

    const [call, parent] = spans;
    const [, traceId, spanId] = TRACE_PARENT.exec(sent['traceparent'] ?? '') ?? [];
    expect([traceId, spanId]).toEqual([TRACE, call?.spanContext().spanId]);
    expect(sent['tracestate']).toBe('vendor=1');
    expect(call?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect([call?.kind, parent?.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER]);
  });

  it('continues an unsampled trace without spans', async () => {
    traces = tracesWith('parentbased_traceidratio');
    let sent: Readonly<Record<string, string>> = {};

    const spans = await request(async () => (sent = await headersOf(CALL)));

    expect(sent['traceparent']).toMatch(/-00$/);
    expect(spans).toEqual([]);
  });

  it('has no span for work without a request, unless it is a root', async () => {
    expect(await headersOf(CALL)).toEqual({});
    expect((await headersOf({ ...CALL, isRoot: true }))['traceparent']).toMatch(TRACE_PARENT);

    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });

  it('has no span for work after the end of the request, unless it is a root', async () => {
    let later: () => Promise<unknown> = () => Promise.resolve();
    await request(async () => {
      // Continues in the context of the request.
      const isOver = new Promise<void>((resolve) => (later = () => Promise.resolve(resolve())));
      void isOver.then(() => headersOf(CALL)).then(() => headersOf({ ...CALL, name: 'root', isRoot: true }));
      return Promise.resolve();
    });
    await later();
    await new Promise(setImmediate);

    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['GET /run', 'root']);
  });

  it('records errors that work returns, and errors that it throws', async () => {
    const describeResult = (status: number) => ({ isError: status >= 400, attributes: { status } });
    await traces.trace({ name: 'a', isRoot: true, describe: describeResult }, () => Promise.resolve(500));
    const failing = traces.trace({ name: 'b', isRoot: true }, () =>
      Promise.reject(new TypeError('a secret')),
    );
    await expect(failing).rejects.toThrow('a secret');

    const [result, thrown] = exporter.getFinishedSpans();
    expect([result?.status, result?.attributes]).toEqual([{ code: SpanStatusCode.ERROR }, { status: 500 }]);
    expect([thrown?.status, thrown?.attributes]).toEqual([
      { code: SpanStatusCode.ERROR },
      { 'error.type': 'TypeError' },
    ]);
    expect(thrown?.events).toEqual([]);
  });

  it('has at most 100 spans per request, and counts all statements', async () => {
    const spans = await request(async () => {
      for (let count = 0; count < 150; count += 1) {
        traces.addStatement('SELECT users', 'sqlite', performance.now(), true);
      }
      return Promise.resolve();
    });

    expect(spans).toHaveLength(101);
    expect(spans.at(-1)?.attributes['latchkey.database.statements']).toBe(150);
  });
});

describe('a request', () => {
  it('ends its span with an error when the client disconnects', async () => {
    traces.install(server);
    server.get('/run', () => {
      client.destroy();
      return new Promise(() => undefined);
    });
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const client = sendRequest(`${url}/run`).on('error', () => undefined);
    client.end();
    while (exporter.getFinishedSpans().length === 0) {
      await new Promise(setImmediate);
    }

    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/run',
      'error.type': 'aborted',
    });
  });

  it.each(['/health/ready', '/metrics', '/metrics?a'])('for %s has no span', async (path) => {
    traces.install(server);
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    await (await fetch(url + path)).text();
    await server.close();

    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
