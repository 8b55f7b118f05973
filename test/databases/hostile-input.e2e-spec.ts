import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { INTERNAL_DETAILS } from '../support/check-response.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { COMBINATIONS } from './hostile-combinations.js';
import { HOSTILE, type Hostile } from './hostile-requests.js';

/** Time after which a request counts as hanging; longer than a login takes. */
const HANG_MILLISECONDS = 5_000;
/** Concurrent connections. */
const CONCURRENCY = 20;
const HEADERS_TIMEOUT = 10_000;

let database: TestDatabase;
let server: ServerProcess;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await ServerProcess.start(serverOn(database));
  const { body } = await server.client.login(ADMIN.name, ADMIN.password);
  token = tokenHeader(body)['X-Auth-Token'] ?? '';
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

interface Outcome {
  text: string;
  /** Whether the server did not close the connection in time. */
  isHanging: boolean;
  milliseconds: number;
}

/** Sends bytes, and reads until the server closes the connection. */
function send(bytes: string | Buffer, giveUpAfter = HANG_MILLISECONDS): Promise<Outcome> {
  const { hostname, port } = new URL(server.client.baseUrl);
  const start = Date.now();
  return new Promise((resolve) => {
    let isHanging = false;
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = setTimeout(() => {
      isHanging = true;
      socket.destroy();
    }, giveUpAfter);
    socket.on('data', (chunk) => chunks.push(chunk));
    // The server may close the connection before it has read an oversized request.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text: Buffer.concat(chunks).toString(), isHanging, milliseconds: Date.now() - start });
    });
  });
}

/** Sends a hostile request and returns the errors of the response. */
async function complaintsOf(what: string, bytes: Hostile[1]): Promise<string[]> {
  const { text, isHanging } = await send(typeof bytes === 'function' ? bytes(token) : bytes);
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
  const detail = INTERNAL_DETAILS.exec(text)?.[0];
  return [
    ...(isHanging ? ['hangs'] : []),
    // Nothing handles CONNECT, so Node closes the connection.
    ...(statuses.length === 0 && what !== 'CONNECT' ? ['has no response'] : []),
    ...statuses.filter((status) => status >= 500).map((status) => `returns ${status}`),
    ...(detail ? [`reveals the internal detail "${detail}"`] : []),
  ].map((complaint) => `${what} ${complaint}`);
}

// Covers B17 in docs/explanation/security.md.
describe('hostile input over raw sockets', () => {
  it('comprises more than 500 requests', () => {
    const crossings = COMBINATIONS.flatMap(([, requests]) => requests);
    const names = [...HOSTILE, ...crossings].map(([what]) => what);

    process.stdout.write(`${names.length} hostile requests on ${globalThis.DATABASE_KIND}\n`);
    expect(names.length).toBeGreaterThan(500);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(HOSTILE)('causes no 5xx, hang or internal details: %s', async (what, bytes) => {
    expect(await complaintsOf(what, bytes)).toEqual([]);
  });

  it.each(COMBINATIONS)('causes no 5xx, hang or internal details: %s', async (_, requests) => {
    const complaints: string[] = [];
    for (let first = 0; first < requests.length; first += CONCURRENCY) {
      const some = requests.slice(first, first + CONCURRENCY);
      complaints.push(...(await Promise.all(some.map(([what, bytes]) => complaintsOf(what, bytes)))).flat());
    }

    expect(complaints).toEqual([]);
  });

  it('creates no user, and logins still work', async () => {
    const { status, body } = await server.client.login(ADMIN.name, ADMIN.password);

    expect(status).toBe(200);
    const { body: users } = await server.client.users(tokenHeader(body));
    expect(users.items.filter(({ name }) => name !== 'a').map(({ name }) => name)).toEqual([ADMIN.name]);
    expect(server.child.exitCode).toBeNull();
  });

  it('adds no errors or credentials to the log', () => {
    expect(server.output).not.toMatch(/"level":(50|60)/);
    expect(server.output).not.toContain(ADMIN.password);
    expect(server.output).not.toContain(token);
  });
});

describe('incomplete requests', () => {
  const closeAfter = async (bytes: string) => {
    const { text, isHanging, milliseconds } = await send(bytes, HEADERS_TIMEOUT + 8_000);
    return { status: Number(text.split(' ')[1] ?? 0), isHanging, milliseconds };
  };

  it('are closed about ten seconds after the connection was opened', async () => {
    const [half, ...others] = await Promise.all([
      closeAfter('GET /me HTTP/1.1\r\nHost: latchkey.test\r\n'),
      closeAfter('G'),
      closeAfter(''),
    ]);

    expect(half).toMatchObject({ status: 408, isHanging: false });
    for (const { isHanging, milliseconds } of [half, ...others]) {
      expect(isHanging).toBe(false);
      expect(milliseconds).toBeGreaterThan(HEADERS_TIMEOUT - 1_000);
      expect(milliseconds).toBeLessThan(HEADERS_TIMEOUT + 3_000);
    }
  });
});
