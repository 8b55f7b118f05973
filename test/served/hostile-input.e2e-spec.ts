import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { INSIDE } from '../support/inside-told.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CROSSINGS } from './hostile-crossings.js';
import { HOSTILE, type Hostile } from './hostile-requests.js';

/** A log-in that is slower than this hangs. */
const HANG_MILLISECONDS = 5_000;
/** Connections of one family that are open together. */
const AT_ONCE = 20;
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
  /** Whether nothing came for so long that the client gave up. */
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
    // The server may close before it has read all of what is too long.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text: Buffer.concat(chunks).toString(), isHanging, milliseconds: Date.now() - start });
    });
  });
}

/** What is wrong with what comes back for a hostile request. */
async function complaintsOf(what: string, bytes: Hostile[1]): Promise<string[]> {
  const { text, isHanging } = await send(typeof bytes === 'function' ? bytes(token) : bytes);
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
  const inside = INSIDE.exec(text)?.[0];
  return [
    ...(isHanging ? ['hangs'] : []),
    // Nobody listens to CONNECT, so Node closes the connection.
    ...(statuses.length === 0 && what !== 'CONNECT' ? ['has no answer'] : []),
    ...statuses.filter((status) => status >= 500).map((status) => `is answered ${status}`),
    ...(inside ? [`tells of the inside by "${inside}"`] : []),
  ].map((complaint) => `${what} ${complaint}`);
}

describe('B17 hostile input over raw sockets', () => {
  it('is 500 requests and more', () => {
    const crossings = CROSSINGS.flatMap(([, requests]) => requests);
    const names = [...HOSTILE, ...crossings].map(([what]) => what);

    process.stdout.write(`${names.length} hostile requests on ${globalThis.DATABASE_KIND}\n`);
    expect(names.length).toBeGreaterThan(500);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(HOSTILE)('is refused or answered, and is no fault and no hang: %s', async (what, bytes) => {
    expect(await complaintsOf(what, bytes)).toEqual([]);
  });

  it.each(CROSSINGS)('is refused or answered, and is no fault and no hang: %s', async (_, requests) => {
    const complaints: string[] = [];
    for (let first = 0; first < requests.length; first += AT_ONCE) {
      const some = requests.slice(first, first + AT_ONCE);
      complaints.push(...(await Promise.all(some.map(([what, bytes]) => complaintsOf(what, bytes)))).flat());
    }

    expect(complaints).toEqual([]);
  });

  it('leaves the server as it was: a good log-in works, and nobody was made', async () => {
    const { status, body } = await server.client.login(ADMIN.name, ADMIN.password);

    expect(status).toBe(200);
    const { body: users } = await server.client.users(tokenHeader(body));
    expect(users.items.filter(({ name }) => name !== 'a').map(({ name }) => name)).toEqual([ADMIN.name]);
    expect(server.child.exitCode).toBeNull();
  });

  it('wrote no error and no credential into the log', () => {
    expect(server.output).not.toMatch(/"level":(50|60)/);
    expect(server.output).not.toContain(ADMIN.password);
    expect(server.output).not.toContain(token);
  });
});

describe('connections that only hold on', () => {
  const closeAfter = async (bytes: string) => {
    const { text, isHanging, milliseconds } = await send(bytes, HEADERS_TIMEOUT + 8_000);
    return { status: Number(text.split(' ')[1] ?? 0), isHanging, milliseconds };
  };

  it('are closed about ten seconds after they began, with half their header fields or none', async () => {
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
