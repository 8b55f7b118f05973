import { once } from 'node:events';
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
const HANG_MILLISECONDS = 30_000;
/** Concurrent connections. */
const CONCURRENCY = 20;

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
}

/** Sends bytes and reads until the server closes the connection. */
function send(bytes: string | Buffer): Promise<Outcome> {
  const { hostname, port } = new URL(server.client.baseUrl);
  return new Promise((resolve) => {
    let isHanging = false;
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = setTimeout(() => {
      isHanging = true;
      socket.destroy();
    }, HANG_MILLISECONDS);
    socket.on('data', (chunk) => chunks.push(chunk));
    // The server may close the connection before it has read an oversized request.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text: Buffer.concat(chunks).toString(), isHanging });
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

  it('creates no user and revokes no token, and logins still work', async () => {
    const { status, body } = await server.client.login(ADMIN.name, ADMIN.password);

    expect(status).toBe(200);
    // Otherwise most requests were only rejected because of the token.
    expect((await server.client.me({ 'X-Auth-Token': token })).status).toBe(200);
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
  /** Sends bytes and returns the connection and the text that the server sends until it closes it. */
  const open = (bytes: string) => {
    const { hostname, port } = new URL(server.client.baseUrl);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => socket.end());
    return { socket, closed: once(socket, 'close').then(() => text) };
  };

  it('are closed by the limit for heads, later than a login takes and before a slow body', async () => {
    const body = open(
      'POST /auth/login HTTP/1.1\r\nHost: latchkey.test\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
    );
    const heads = ['GET /me HTTP/1.1\r\nHost: latchkey.test\r\n', 'G', ''].map(open);
    await server.client.login(ADMIN.name, ADMIN.password);
    const areOpenAfterLogin = heads.map(({ socket }) => !socket.closed);

    const [half] = await Promise.all(heads.map(({ closed }) => closed));
    // The limit for a whole request is longer, so the body that began first is still awaited.
    const isBodyOpen = !body.socket.closed;
    body.socket.destroy();

    expect(areOpenAfterLogin).toEqual([true, true, true]);
    expect(half).toMatch(/^HTTP\/1\.1 408 /);
    expect(isBodyOpen).toBe(true);
  });
});
