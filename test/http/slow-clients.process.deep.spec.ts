import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';

/** Number of slow clients of each kind. */
const CONNECTIONS = 500;
const BYTE_MILLISECONDS = 2_000;
const LOG_IN_MILLISECONDS = 500;
/** Number of connections that read nothing, and of pipelined requests on each. */
const UNREAD_CONNECTIONS = 300;
const UNREAD_REQUESTS = 1_500;
/** A hang detector: timers close them within 60 seconds, and without timers they stay open. */
const UNREAD_CLOSED_MILLISECONDS = 120_000;
/** The same for the socket of the command line. */
const UNREAD_COMMANDS = 16;
const UNREAD_COMMAND_REQUESTS = 20;
const MIB = 1_048_576;
/** For waits that list all descriptors each time. */
const SLOWLY = { pauseMilliseconds: 100 };

let database: TestDatabase;
let server: ServerProcess;
let asAdmin: Headers;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_METRICS: 'open' }));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const commandSocket = () => `${database.url.replace('sqlite:', '')}.sock`;
const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length;

/**
 * A client that sends the start of a request, and then a byte from time to time, until the server closes the
 * connection.
 */
class SlowClient {
  answer = '';
  /** Time until the server closed the connection. */
  milliseconds: number | undefined;
  readonly closed: Promise<void>;
  private readonly socket: Socket;
  private readonly since = performance.now();

  constructor(start: string, filler: string) {
    const { hostname, port } = new URL(server.client.baseUrl);
    this.socket = connect(Number(port), hostname);
    // First: on a busy machine, the first byte of the timer may be due before the connection is open.
    this.socket.write(start);
    this.socket.setEncoding('utf8').on('data', (chunk: string) => (this.answer += chunk));
    // Bytes that are sent after the close cause an error.
    this.socket.on('error', () => undefined);
    const timer = setInterval(() => this.socket.write(filler), BYTE_MILLISECONDS);
    this.closed = new Promise((resolve) =>
      this.socket.once('close', () => {
        this.milliseconds = performance.now() - this.since;
        clearInterval(timer);
        resolve();
      }),
    );
  }
}

/** Logs in from time to time until a promise settles and returns the statuses and times. */
async function logInsUntil(end: Promise<unknown>): Promise<{ status: number; milliseconds: number }[]> {
  const found = [];
  let isOver = false;
  void end.finally(() => (isOver = true));
  while (!isOver) {
    const start = performance.now();
    const { status } = await server.client.login(ADMIN.name, ADMIN.password);
    found.push({ status, milliseconds: performance.now() - start });
    await pause(LOG_IN_MILLISECONDS);
  }
  return found;
}

const p95 = (values: readonly { milliseconds: number }[]) =>
  values.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;

/** Returns the value of a metric. The delay of the event loop is reset by each request for it. */
async function metric(name: string): Promise<number> {
  const { text } = await server.client.request('GET', '/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const memory = () => metric('process_resident_memory_bytes');

/** Sends pipelined requests without reading the responses. */
function sendUnread(): Promise<Socket> {
  const { hostname, port } = new URL(server.client.baseUrl);
  return sendUnreadOn(connect(Number(port), hostname), UNREAD_REQUESTS);
}

async function sendUnreadOn(socket: Socket, requests: number): Promise<Socket> {
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET /openapi.json HTTP/1.1\r\nHost: latchkey.test\r\n\r\n'.repeat(requests));
  return socket;
}

// Covers B46 in docs/explanation/security.md.
describe('slow clients', () => {
  let descriptorsBefore: number;
  let since: number;
  let unread: Socket[];

  it('that read no responses use no memory, while others log in', async () => {
    await metric('nodejs_eventloop_lag_max_seconds');
    descriptorsBefore = descriptors();
    const memoryBefore = await memory();
    since = Date.now();
    unread = await Promise.all([
      ...Array.from({ length: UNREAD_CONNECTIONS }, sendUnread),
      ...Array.from({ length: UNREAD_COMMANDS }, () =>
        sendUnreadOn(connect(commandSocket()), UNREAD_COMMAND_REQUESTS),
      ),
    ]);
    const others = await logInsUntil(pause(3_000));
    const delay = (await metric('nodejs_eventloop_lag_max_seconds')) * 1_000;
    const growth = (await memory()) - memoryBefore;

    console.log(
      `${UNREAD_CONNECTIONS} connections with ${UNREAD_REQUESTS} unread requests each: memory grows by ` +
        `${Math.round(growth / MIB)} MiB, the event loop is delayed by ${Math.round(delay)} ms at most`,
    );
    expect(await metric('latchkey_connections_closed_total\\{reason="pipelining"\\}')).toBeGreaterThan(
      UNREAD_CONNECTIONS / 2,
    );
    expect(growth).toBeLessThan(64 * MIB);
    expect(others.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('are disconnected, with slow heads and bodies, while others log in', async () => {
    const alone = await logInsUntil(pause(5_000));
    const before = descriptors();
    const head = 'POST /auth/login HTTP/1.1\r\nHost: latchkey.test\r\nX-Slow: ';
    const fields = Object.entries({
      ...asAdmin,
      Host: 'latchkey.test',
      'Content-Type': 'application/json',
      'Content-Length': '1000',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const body = `POST /me/tokens HTTP/1.1\r\n${fields.join('')}\r\n{`;

    const slow = [head, body].flatMap((start) =>
      Array.from({ length: CONNECTIONS }, () => new SlowClient(start, ' ')),
    );
    const allClosed = Promise.all(slow.map(({ closed }) => closed));
    // They never stop sending, so the connections only close if the server closes them.
    const during = logInsUntil(allClosed);
    await waitUntil(descriptors, (count) => count > before + CONNECTIONS, SLOWLY);
    const most = descriptors();
    const logIns = await during;

    const times = slow.map(({ milliseconds = Infinity }) => milliseconds);
    await waitUntil(descriptors, (count) => count <= before + 5, SLOWLY);
    // The time is printed but not asserted, because other tests run meanwhile.
    const figures = [
      Math.max(...times.slice(0, CONNECTIONS)),
      Math.max(...times.slice(CONNECTIONS)),
      p95(alone),
      p95(logIns),
    ];
    const [heads, bodies, calm, busy] = figures.map(Math.round);
    console.log(
      `Cut after ${heads} ms (heads) and ${bodies} ms (bodies) at most; logins take ${calm} ms (p95) alone and ${busy} ms ` +
        `meanwhile; descriptors ${before}, ${most}, ${descriptors()}`,
    );
    expect(new Set(slow.map(({ answer }) => answer.slice(0, 'HTTP/1.1 408'.length)))).toEqual(
      new Set(['HTTP/1.1 408']),
    );
    expect(logIns.length).toBeGreaterThan(3);
    expect(logIns.filter(({ status }) => status !== 200)).toEqual([]);
  });

  // This test is the last one, because the server closes the connections in it.
  it('that read no responses are disconnected', async () => {
    await waitUntil(descriptors, (count) => count <= descriptorsBefore + 5, {
      ...SLOWLY,
      limitMilliseconds: since + UNREAD_CLOSED_MILLISECONDS - Date.now(),
    });
    unread.forEach((socket) => socket.destroy());
  }, 130_000);
});
