import { AsyncLocalStorage } from 'node:async_hooks';
import { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace as api,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { FIELDS } from '../../../common/request/header-fields.js';
import { principalOf } from '../../../common/request/principal.js';
import { type TracedCaller, type TracedWork, type TraceHeaders } from '../telemetry.js';

/** Paths that probes and scrapers request every few seconds. */
const UNTRACED = /^\/(?:health\/|metrics(?:\?|$))/;

/** Spans per request. A bulk change can run thousands of statements. */
const SPANS_MAX = 100;

const VERIFY_ROUTE = '/auth/verify';

/** Trace of a request whose response is not complete. */
class RequestTrace {
  readonly context: Context;
  readonly sums = { database: 0, hash: 0 };
  statements = 0;
  spans = 0;
  caller: TracedCaller | undefined;
  /** Absent if the fast path responds. */
  routed: FastifyRequest | undefined;

  constructor(
    readonly span: Span,
    parent: Context,
  ) {
    this.context = api.setSpan(parent, span);
  }
}

/**
 * Spans of the requests to a server, and of their statements, hashes and calls. A span holds the route, the
 * status and ids, but no names, addresses, header fields or query strings.
 */
export class RequestTraces {
  private readonly current = new AsyncLocalStorage<RequestTrace>();
  private readonly propagator = new W3CTraceContextPropagator();

  constructor(private readonly tracer: Tracer) {}

  /** Traces the requests of a server. */
  install(instance: FastifyInstance): void {
    instance.addHook('onRequest', (request, _reply, done) => {
      const trace = this.current.getStore();
      if (trace) {
        trace.routed = request;
      }
      done();
    });
    // At this point, all other listeners of the server are registered.
    instance.addHook('onReady', (done) => {
      this.wrapListeners(instance.server);
      done();
    });
  }

  /** Sets the caller of a request that the fast path accepts. */
  setCaller(caller: TracedCaller): void {
    const trace = this.current.getStore();
    if (trace) {
      trace.caller = caller;
    }
  }

  /** Runs work in a span of the current request. Without a span, only runs it. */
  async trace<T>(work: TracedWork<T>, run: (headers: TraceHeaders) => Promise<T>): Promise<T> {
    const trace = this.current.getStore();
    const parent = trace?.context ?? (work.isRoot ? ROOT_CONTEXT : undefined);
    if (!parent) {
      return run({});
    }
    const start = performance.now();
    const span =
      work.isRoot || this.hasRoom(trace)
        ? this.tracer.startSpan(
            work.name,
            { kind: kindOf(work), attributes: work.attributes, startTime: start },
            parent,
          )
        : undefined;
    const headers: Record<string, string> = {};
    if (work.isCall) {
      this.propagator.inject(span ? api.setSpan(parent, span) : parent, headers, defaultTextMapSetter);
    }
    try {
      const result = await run(headers);
      const described = span && work.describe?.(result);
      if (described) {
        span.setAttributes(described.attributes);
        span.setStatus({ code: described.isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET });
      }
      return result;
    } catch (error) {
      span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      const end = performance.now();
      span?.end(end);
      this.add(trace, work.sum, end - start);
    }
  }

  /** Adds a statement of the current request that has just ended. */
  addStatement(summary: string, system: string, start: number, isSuccess: boolean): void {
    const trace = this.current.getStore();
    const end = performance.now();
    if (trace && this.hasRoom(trace)) {
      const attributes = { 'db.system.name': system, 'db.query.summary': summary };
      const how = { kind: SpanKind.CLIENT, attributes, startTime: start };
      const span = this.tracer.startSpan(summary, how, trace.context);
      if (!isSuccess) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      // With a given start, the default would be in whole milliseconds.
      span.end(end);
    }
    this.add(trace, 'database', end - start);
  }

  /** Whether a request can have a further span: not if it has too many, or has ended. */
  private hasRoom(trace: RequestTrace | undefined): boolean {
    if (!trace?.span.isRecording() || trace.spans >= SPANS_MAX) {
      return false;
    }
    trace.spans += 1;
    return true;
  }

  private add(trace: RequestTrace | undefined, sum: TracedWork['sum'], milliseconds: number): void {
    if (trace && sum) {
      trace.sums[sum] += milliseconds;
      trace.statements += Number(sum === 'database');
    }
  }

  private wrapListeners(server: Server): void {
    const listeners = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      const run = () => listeners.forEach((listener) => listener.call(server, request, response));
      if (UNTRACED.test(request.url ?? '')) {
        run();
      } else {
        this.current.run(this.begin(request, response), run);
      }
    });
  }

  /**
   * Starts the span of a request. Replaces `traceparent`, so that the request id, the log and the audit trail
   * have the trace id of this span, even if the client sent none.
   */
  private begin(request: IncomingMessage, response: ServerResponse): RequestTrace {
    const { headers, method = 'GET' } = request;
    const parent = this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const attributes = { 'http.request.method': method };
    const trace = new RequestTrace(
      this.tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent),
      parent,
    );
    const { traceId, spanId, traceFlags } = trace.span.spanContext();
    headers[FIELDS.traceparent] = `00-${traceId}-${spanId}-0${traceFlags & 1}`;
    if (trace.span.isRecording()) {
      response.once('close', () => end(trace, method, response));
    }
    return trace;
  }
}

function kindOf({ isCall }: { readonly isCall?: boolean }): SpanKind {
  return isCall ? SpanKind.CLIENT : SpanKind.INTERNAL;
}

function end(trace: RequestTrace, method: string, response: ServerResponse): void {
  const { span, routed, sums, statements } = trace;
  const route = routed ? routed.routeOptions.url : VERIFY_ROUTE;
  const caller = trace.caller ?? (routed && principalOf(routed));
  const { statusCode, writableFinished } = response;
  if (route !== undefined) {
    span.updateName(`${method} ${route}`);
    span.setAttribute('http.route', route);
  }
  if (writableFinished) {
    span.setAttribute('http.response.status_code', statusCode);
  }
  if (caller) {
    span.setAttribute('user.id', caller.id);
    if (caller.token) {
      span.setAttribute('latchkey.token.id', caller.token.id);
    }
  }
  if (routed && routed.id !== span.spanContext().traceId) {
    span.setAttribute('latchkey.request.id', routed.id);
  }
  if (routed?.errorCode !== undefined) {
    span.setAttribute('latchkey.error.code', routed.errorCode);
  }
  if (statements > 0) {
    span.setAttributes({
      'latchkey.database.statements': statements,
      'latchkey.database.milliseconds': rounded(sums.database),
    });
  }
  if (sums.hash > 0) {
    span.setAttribute('latchkey.hash.milliseconds', rounded(sums.hash));
  }
  if (statusCode >= 500 || !writableFinished) {
    span.setAttribute('error.type', writableFinished ? String(statusCode) : 'aborted');
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
