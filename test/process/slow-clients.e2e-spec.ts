import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Of each kind. */
const CONNECTIONS = 500;
const CLOSED_MILLISECONDS = 30_000;
const BYTE_MILLISECONDS = 2_000;
const LOG_IN_MILLISECONDS = 500;

let database: TestDatabase;
let server: ServerProcess;
let asAdmin: Headers;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
}, 60_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length;

/** A client that sends the start of a request, then a byte now and then, until the server has had enough. */
class SlowClient {
  answer = '';
  /** How long it was let in, once it is out. */
  milliseconds: number | undefined;
  readonly closed: Promise<void>;
  private readonly socket: Socket;
  private readonly since = performance.now();

  constructor(start: string, filler: string) {
    const { hostname, port } = new URL(server.client.baseUrl);
    this.socket = connect(Number(port), hostname, () => this.socket.write(start));
    this.socket.setEncoding('utf8').on('data', (chunk: string) => (this.answer += chunk));
    // What it sends when the server has closed already is refused.
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

  leave(): void {
    this.socket.destroy();
  }
}

/** Logs in now and then until something has ended, and returns the status and the time of each. */
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

describe('B46 slow clients', () => {
  it('are shown out within 30 seconds, heads and bodies alike, while others log in', async () => {
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
    const during = logInsUntil(
      Promise.race([allClosed, pause(CLOSED_MILLISECONDS, undefined, { ref: false })]),
    );
    await pause(5_000);
    const most = descriptors();
    const logIns = await during;

    const times = slow.map(({ milliseconds = Infinity }) => milliseconds);
    slow.forEach((client) => client.leave());
    await allClosed;
    await expectSoon(() => Math.abs(descriptors() - before) <= 5);
    // Speed is told and not asserted: other tests run meanwhile.
    const figures = [
      Math.max(...times.slice(0, CONNECTIONS)),
      Math.max(...times.slice(CONNECTIONS)),
      p95(alone),
      p95(logIns),
    ];
    const [heads, bodies, calm, busy] = figures.map(Math.round);
    console.log(
      `Cut after ${heads} ms (heads) and ${bodies} ms (bodies) at most; log-ins take ${calm} ms (p95) alone and ${busy} ms ` +
        `meanwhile; descriptors ${before}, ${most}, ${descriptors()}`,
    );
    expect(most).toBeGreaterThan(before + CONNECTIONS);
    expect(times.filter((milliseconds) => milliseconds > CLOSED_MILLISECONDS)).toEqual([]);
    expect(new Set(slow.map(({ answer }) => answer.slice(0, 'HTTP/1.1 408'.length)))).toEqual(
      new Set(['HTTP/1.1 408']),
    );
    expect(logIns.length).toBeGreaterThan(10);
    expect(logIns.filter(({ status }) => status !== 200)).toEqual([]);
  }, 90_000);
});

async function expectSoon(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 50 && !isSo(); tries += 1) {
    await pause(100);
  }
  expect(isSo()).toBe(true);
}
