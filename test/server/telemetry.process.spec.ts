import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { OtlpReceiver, traceIdOf } from '../support/otlp-receiver.js';
import { type Environment, serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { timesLogged } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const CLIENT = 3;

let database: TestDatabase;
let receiver: OtlpReceiver;
let server: ServerProcess;
let asAdmin: Headers;

const startServer = (exports: OtlpReceiver, environment: Environment = {}): Promise<ServerProcess> =>
  ServerProcess.start(
    serverOn(database, {
      ...exports.environment,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=of-the-receiver',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      LATCHKEY_METRICS: 'off',
      LATCHKEY_EVENT_HOSTS: '127.0.0.0/8',
      ...environment,
    }),
  );

beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await OtlpReceiver.start();
  server = await startServer(receiver);
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(async () => {
  await server.kill();
  await receiver.close();
  await database.drop();
});

describe('a trace', () => {
  it('has the route, the status, the ids and the statements of a request', async () => {
    const user = newUser();
    const response = await server.client.createUser(user, asAdmin);

    const { request, others } = await receiver.spansOf(traceIdOf(response));
    const { body: me } = await server.client.request('GET', '/me', { headers: asAdmin });
    const { id, token } = me as { id: string; token: { id: string } };
    expect(request).toMatchObject({ name: 'POST /users', parentSpanId: '', status: 0 });
    expect(request.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/users',
      'http.response.status_code': 201,
      'user.id': id,
      'latchkey.token.id': token.id,
    });
    expect(others.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['password hash', 'INSERT users', 'INSERT audit_events']),
    );
    expect(new Set(others.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([request.spanId]));
    const hash = others.find(({ name }) => name === 'password hash');
    expect(request.attributes['latchkey.hash.milliseconds']).toBeCloseTo(hash?.milliseconds ?? NaN, 0);
    const statements = others.filter(({ kind }) => kind === CLIENT);
    expect(request.attributes['latchkey.database.statements']).toBe(statements.length);
    const sum = statements.reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(request.attributes['latchkey.database.milliseconds']).toBeCloseTo(sum, 0);
    expect(statements.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
  });

  it('continues the trace of the client, which the log and the audit trail have too', async () => {
    const user = newUser();
    const headers = { ...asAdmin, traceparent: `00-${TRACE}-${PARENT}-01` };
    await server.client.createUser(user, headers);

    const { request } = await receiver.spansOf(TRACE);
    const { body } = await server.client.request('GET', `/audit-events?traceId=${TRACE}`, {
      headers: asAdmin,
    });

    expect(request.parentSpanId).toBe(PARENT);
    expect((body as { items: object[] }).items).toMatchObject([{ action: 'user_created', traceId: TRACE }]);
    expect(server.output).toContain(`"traceId":"${TRACE}","trace_id":"${TRACE}","method":"POST"`);
  });

  it('has the request id of the client, if it sends one', async () => {
    const headers = {
      ...asAdmin,
      'X-Request-Id': 'of-the-client',
      traceparent: `00-${'1'.repeat(32)}-${PARENT}-01`,
    };
    const { headers: sent } = await server.client.request('GET', '/roles', { headers });

    const { request } = await receiver.spansOf('1'.repeat(32));
    expect(sent.get('x-request-id')).toBe('of-the-client');
    expect(request.attributes['latchkey.request.id']).toBe('of-the-client');
  });

  it('has the ids of a verification, whose read on SQLite is no statement of its own', async () => {
    const { body } = await server.client.createMyToken(asAdmin);
    const headers = tokenHeader(body);
    const uncached = await server.client.request('GET', '/auth/verify', { headers });
    const response = await server.client.request('GET', '/auth/verify?permission=users:read', { headers });

    const { request, others } = await receiver.spansOf(traceIdOf(response));
    expect(request).toMatchObject({ name: 'GET /auth/verify' });
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 200,
      'latchkey.token.id': body.id,
    });
    expect(others).toEqual([]);
    expect((await receiver.spansOf(traceIdOf(uncached))).others).toEqual([]);
  });

  it('has the error code of a rejection, and no route of an unknown path', async () => {
    const rejected = await server.client.request('GET', '/users', { headers: {} });
    const unknown = await server.client.request('GET', '/no-such-path', { headers: asAdmin });

    const { request } = await receiver.spansOf(traceIdOf(rejected));
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 401,
      'latchkey.error.code': 'unauthenticated',
    });
    expect((await receiver.spansOf(traceIdOf(unknown))).request.name).toBe('GET');
  });

  it('is not started by probes', async () => {
    await server.client.request('GET', '/health/live', {
      headers: { traceparent: `00-${'2'.repeat(32)}-${PARENT}-01` },
    });
    await receiver.spansOf(traceIdOf(await server.client.request('GET', '/roles', { headers: asAdmin })));

    expect(receiver.spans.filter(({ traceId }) => traceId === '2'.repeat(32))).toEqual([]);
  });
});

describe('a webhook', () => {
  it('continues the trace of the request that sends it', async () => {
    let received: IncomingHttpHeaders = {};
    const hook = createServer((request, response) => {
      received = request.headers;
      response.end();
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/secret-path`;
    const body = { name: 'traced', kind: 'webhook', url, types: ['token.leaked'] };
    await server.client.request('POST', '/event-targets', { headers: asAdmin, body });

    const response = await server.client.request('POST', '/event-targets/traced/test', { headers: asAdmin });

    const { request, others } = await receiver.spansOf(traceIdOf(response));
    const sent = others.find(({ name }) => name === 'send a webhook');
    expect(sent).toMatchObject({ kind: CLIENT, parentSpanId: request.spanId, status: 0 });
    expect(sent?.attributes).toEqual({ 'http.request.method': 'POST', 'http.response.status_code': 200 });
    expect(received['traceparent']).toBe(`00-${request.traceId}-${sent?.spanId}-01`);
    hook.close();
  });
});

describe('an export', () => {
  it('names the server, and sends the configured headers', async () => {
    await waitUntil(() => receiver.metrics.length > 0);

    expect(receiver.resource).toMatchObject({
      'service.name': 'latchkey',
      'service.instance.id': expect.any(String),
      'deployment.environment.name': 'test',
    });
    expect(receiver.requests[0]?.headers).toMatchObject({
      'api-key': 'of-the-receiver',
      'user-agent': expect.stringMatching(/^Latchkey\/\d/),
    });
  });

  it('has no secrets, names, addresses and queries', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const login = await server.client.login(user.name, user.password ?? '');
    const response = await server.client.request('GET', `/users/${user.name}?secret=in-the-query`, {
      headers: { ...asAdmin, 'User-Agent': 'agent-of-the-client' },
    });
    await receiver.spansOf(traceIdOf(response));

    const exported = Buffer.concat(receiver.bodies).toString('latin1');
    const { token = '' } = login.body;
    const texts = [
      token,
      token.slice(-20),
      user.password ?? '',
      user.name,
      'in-the-query',
      'agent-of',
      'secret-path',
      '127.0.0.1',
      ...Object.values(asAdmin),
    ];
    expect(texts.filter((text) => exported.includes(text))).toEqual([]);
    expect(exported).toContain('GET /users/:name');
  });

  it('has the metrics of GET /metrics, also if that is off', async () => {
    await server.client.login(ADMIN.name, 'wrong');
    const metric = (name: string) => receiver.metrics.find((each) => each.name === name);
    const failures = () =>
      metric('latchkey_logins_total')?.points.find(({ attributes }) => attributes['result'] === 'failure');
    await waitUntil(failures, (failed) => failed?.value === 1);

    expect((await server.client.request('GET', '/metrics', { headers: asAdmin })).status).toBe(404);
    expect(metric('latchkey_logins_total')?.kind).toBe('sum');
    expect(metric('latchkey_tokens_cached')?.kind).toBe('gauge');
    expect(metric('process_resident_memory_bytes')).toMatchObject({ unit: 'By', kind: 'gauge' });
    const times = metric('latchkey_http_request_duration_seconds');
    expect(times).toMatchObject({ unit: 's', kind: 'histogram' });
    const login = times?.points.find(
      ({ attributes: { route, status } }) => route === '/auth/login' && status === '401',
    );
    expect(login?.count).toBe(1);
    expect(login?.buckets?.reduce((total, count) => total + count)).toBe(1);
    expect(login?.bounds).toHaveLength((login?.buckets?.length ?? 0) - 1);
  });
});

describe('a receiver that never responds', () => {
  it('delays neither requests nor the stop, and is logged once', async () => {
    await server.stop();
    const silent = await OtlpReceiver.start(() => undefined);
    server = await startServer(silent, {
      OTEL_BSP_MAX_QUEUE_SIZE: '16',
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '60000',
      // Then a stop that waits for the receiver exits with 1.
      LATCHKEY_SHUTDOWN_SECONDS: '30',
    });
    try {
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      await waitUntil(async () => {
        const { status } = await server.client.request('GET', '/auth/verify', { headers });
        expect(status).toBe(200);
        return server.output.includes('The export of telemetry fails');
      });

      expect(await server.stop()).toBe(0);
      expect(timesLogged(server, 'The export of telemetry fails')).toBe(1);
      expect(server.output).not.toContain('of-the-receiver');
    } finally {
      await silent.close();
    }
  });
});
