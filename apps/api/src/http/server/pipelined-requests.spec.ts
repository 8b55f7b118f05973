import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PipelinedRequests } from './pipelined-requests.js';

interface Seen {
  url: string;
  bytes: number;
}

let server: Server;
/** Number of requests in progress, and its maximum. */
let current: number;
let most: number;
let errors: Error[];
let isHeldBack: Promise<void>;

beforeEach(async () => {
  current = 0;
  most = 0;
  errors = [];
  isHeldBack = Promise.resolve();
  const pipelinedRequests = new PipelinedRequests();
  server = createServer((request, response) => {
    current += 1;
    most = Math.max(most, current);
    response.on('finish', () => (current -= 1));
    void text(request).then(async (body) => {
      await isHeldBack;
      response.end(`${JSON.stringify({ url: request.url, bytes: body.length })}\n`);
    });
  });
  pipelinedRequests.watch(server);
  server.on('clientError', (error, socket: Socket) => {
    if (!pipelinedRequests.isPause(error, socket)) {
      errors.push(error);
      socket.destroy();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const open = () => connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);

/** Returns the bodies of the responses, in order, after the server has closed the connection. */
async function answersOn(socket: Socket): Promise<Seen[]> {
  const received = await text(socket);
  return [...received.matchAll(/^\{.*\}$/gm)].map(([line]) => JSON.parse(line) as Seen);
}

/** Requests with and without bodies, and their responses. */
function pipeline(count: number): { bytes: string; expected: Seen[] } {
  const requests = Array.from({ length: count }, (_, index) => {
    const url = `/${index}`;
    const body = 'x'.repeat([0, 1, 700, 3_000][index % 4] ?? 0);
    const close = index === count - 1 ? 'Connection: close\r\n' : '';
    if (index % 3 === 0) {
      return { url, bytes: 0, text: `GET ${url} HTTP/1.1\r\nHost: a\r\n${close}\r\n` };
    }
    const sent =
      index % 3 === 1
        ? `Content-Length: ${body.length}\r\n${close}\r\n${body}`
        : `Transfer-Encoding: chunked\r\n${close}\r\n${body && `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`;
    return { url, bytes: body.length, text: `POST ${url} HTTP/1.1\r\nHost: a\r\n${sent}` };
  });
  return {
    bytes: requests.map((request) => request.text).join(''),
    expected: requests.map(({ url, bytes }) => ({ url, bytes })),
  };
}

describe('PipelinedRequests', () => {
  it.each([
    [1, Infinity],
    [2, Infinity],
    [300, Infinity],
    [300, 4_096],
    [12, 7],
    [6, 1],
  ])(
    'answers %s pipelined requests one after the other when they come in pieces of %s bytes',
    async (count, size) => {
      const { bytes, expected } = pipeline(count);
      const socket = open().setNoDelay();
      const answers = answersOn(socket);
      for (let sent = 0; sent < bytes.length; sent += size) {
        socket.write(bytes.slice(sent, sent + size));
        await pause(0);
      }

      expect(await answers).toEqual(expected);
      expect(most).toBe(1);
      expect(errors).toEqual([]);
    },
  );

  it('serves other connections while one waits for a response', async () => {
    let release = () => undefined as void;
    isHeldBack = new Promise((resolve) => (release = resolve));
    const { bytes, expected } = pipeline(3);
    const first = open();
    const firstAnswers = answersOn(first);
    first.write(bytes);
    const second = open();
    const secondAnswers = answersOn(second);
    second.write('GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    while (current < 2) {
      await pause(1);
    }
    release();

    expect(await secondAnswers).toEqual([{ url: '/other', bytes: 0 }]);
    expect(await firstAnswers).toEqual(expected);
    expect(most).toBe(2);
  });

  it.each([
    ['at once', (work: () => void) => work()],
    ['in a promise callback', (work: () => void) => void Promise.resolve().then(work)],
    [
      'in a tick after promise callbacks',
      (work: () => void) => void Promise.resolve().then(() => process.nextTick(work)),
    ],
  ])('spreads requests of many connections that work %s over turns of the event loop', async (_, run) => {
    const startedIn: number[] = [];
    let turn = 0;
    let isCounting = true;
    const countTurns = () => {
      turn += 1;
      if (isCounting) {
        setImmediate(countTurns);
      }
    };
    server.prependListener('request', () => {
      startedIn.push(turn);
      run(() => {
        // Longer than the time in a turn after which no further request starts.
        const end = performance.now() + 12;
        while (performance.now() < end);
      });
    });
    const sockets: Socket[] = [];
    while (sockets.length < 12) {
      const accepted = once(server, 'connection');
      sockets.push(open());
      await accepted;
    }
    countTurns();
    const answers = sockets.map((socket, index) => {
      socket.write(`GET /${index} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      return answersOn(socket);
    });

    expect((await Promise.all(answers)).flat()).toHaveLength(12);
    isCounting = false;
    expect(new Set(startedIn).size).toBe(12);
    expect(errors).toEqual([]);
  });

  it('processes no further request of a client that does not read responses', async () => {
    const socket = open();
    isHeldBack = new Promise(() => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_000));
    await once(server, 'request');
    await pause(0);

    expect(current).toBe(1);
  });

  it('reports malformed HTTP after a waiting request', async () => {
    const socket = open();
    const answers = answersOn(socket);
    socket.write('GET /0 HTTP/1.1\r\nHost: a\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n');

    expect((await answers)[0]).toEqual({ url: '/0', bytes: 0 });
    expect(errors).toHaveLength(1);
  });

  it('drops a waiting request whose client disconnects', async () => {
    isHeldBack = new Promise(() => undefined);
    const socket = open();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));
    const [, response] = (await once(server, 'request')) as [unknown, NodeJS.EventEmitter];
    socket.destroy();
    server.closeAllConnections();
    await once(response, 'close');

    expect(errors).toEqual([]);
  });

  it.each([
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'],
    [
      'an upgrade with a body',
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc',
    ],
  ])('closes the connection after the response before %s', async (_, next) => {
    const socket = open();
    const answers = answersOn(socket);
    socket.write(`GET /0 HTTP/1.1\r\nHost: a\r\n\r\n${next}`);

    expect(await answers).toEqual([{ url: '/0', bytes: 0 }]);
    expect(await promisify(server.getConnections.bind(server))()).toBe(0);
    expect(errors).toEqual([]);
  });
});
