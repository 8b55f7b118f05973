import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type RequestListener, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type HttpAdapterHost } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { isOperatorConnection } from '../../auth/guards/operator-authentication.service.js';
import { type Config } from '../../platform/config/config.js';
import { createLogger } from '../../platform/logging/logger.js';
import { OperatorClient } from '../client/operator-client.js';
import { CommandError } from '../command-error.js';
import { type Progress } from '../progress.js';
import { OperatorSocket } from './operator-socket.service.js';

let folder: string;
let path: string;
let sockets: OperatorSocket[];
let client: OperatorClient;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-socket-')));
  writeFileSync(join(folder, 'latchkey.sqlite'), '');
  path = join(folder, 'latchkey.sqlite.sock');
  sockets = [];
  client = new OperatorClient(path);
});

afterEach(async () => {
  await Promise.all(sockets.map((socket) => socket.beforeApplicationShutdown()));
  rmSync(folder, { recursive: true });
});

/** Opens the socket of a server that handles requests with this function. */
async function open(routing: RequestListener): Promise<OperatorSocket> {
  const adapter = { httpAdapter: { getInstance: () => ({ routing }) } } as unknown as HttpAdapterHost;
  const config = { database: { kind: 'sqlite', file: join(folder, 'latchkey.sqlite') } } as Config;
  const socket = new OperatorSocket(adapter, config, createLogger('silent'));
  sockets.push(socket);
  await socket.open();
  return socket;
}

async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await nextTurn();
  }
}

const problem = (code: string) => JSON.stringify({ code, detail: 'There is no user.', status: 404 });

describe('OperatorSocket', () => {
  it('passes on requests, from connections that are marked', async () => {
    const received: unknown[] = [];
    await open((request, response) => {
      void text(request).then((body) => {
        const { method, url, headers } = request;
        const isOperator = isOperatorConnection({ raw: request } as FastifyRequest);
        received.push({ isOperator, method, url, body, authorization: headers.authorization });
        response.writeHead(204).end();
      });
    });

    await client.post('/users', { name: 'ännchen' });

    expect(received).toEqual([
      {
        isOperator: true,
        method: 'POST',
        url: '/users',
        body: '{"name":"ännchen"}',
        authorization: expect.stringMatching(/^Operator \S+$/),
      },
    ]);
  });

  it('sends all requests of a client with one trace id', async () => {
    const ids = new Set<unknown>();
    await open((request, response) => {
      ids.add(request.headers['x-request-id']);
      response.end('{}');
    });

    await client.get('/users');
    await client.delete('/users/anna');

    expect(ids.size).toBe(1);
  });

  it('returns the error of a failed request', async () => {
    await open((_, response) => response.writeHead(404).end(problem('not_found')));

    await expect(client.get('/users/anna')).rejects.toThrow(
      new CommandError({ code: 'not_found', message: 'There is no user.' }),
    );
    await expect(client.post('/operator/audit-keys')).rejects.toThrow(/different builds/);
  });

  it('returns progress and the result, or the error', async () => {
    const lines = ['{"progress":{"done":1,"total":2,"what":"things"}}', '{"result":{"name":"anna"}}'];
    await open(({ url }, response) =>
      response.end(`${url === '/whole' ? lines.join('\n') : `{"problem":${problem('conflict')}}`}\n`),
    );
    const progress: Progress[] = [];

    const result = await client.post('/whole', {}, (step) => progress.push(step));

    expect([result, progress]).toEqual([{ name: 'anna' }, [{ done: 1, total: 2, what: 'things' }]]);
    await expect(client.post('/failed', {}, () => undefined)).rejects.toThrow('There is no user.');
  });

  it.each([
    ['no response', (end: () => void) => end()],
    ['half of a response', (end: () => void, write: () => void) => (write(), setImmediate(end))],
  ])('reports a server that stops with %s', async (_, act) => {
    await open((request, response) => {
      act(
        () => request.socket.destroy(),
        () => response.write('{"progress":{"done":1,"what":"things"}}\n'),
      );
    });

    await expect(client.get('/users')).rejects.toThrow(/stopped before it responded/);
    await expect(client.post('/operator/x', {}, () => undefined)).rejects.toThrow(
      /stopped before it responded/,
    );
  });

  it('reports a response that is no JSON as such', async () => {
    await open((_, response) => response.end('no JSON'));

    // Compared by name, because JSON belongs to the realm of the test runner.
    await expect(client.get('/users')).rejects.toMatchObject({ name: 'SyntaxError' });
  });

  it('reports too many commands at the same time', async () => {
    const responses: ServerResponse[] = [];
    await open((_, response) => responses.push(response));
    const running = Array.from({ length: 16 }, () => client.get('/users'));
    await waitUntil(() => responses.length === 16);

    await expect(client.post('/users', { name: 'x'.repeat(1_000_000) })).rejects.toThrow(
      new CommandError({
        code: 'overloaded',
        message: 'Too many commands run at the same time. Run the command again in a moment.',
      }),
    );

    responses.forEach((response) => response.end('{}'));
    expect(await Promise.all(running)).toEqual(Array(16).fill({}));
  });

  it('closes stalled connections whose client does not read the response, but no others', async () => {
    const sockets: Socket[] = [];
    let finish: () => void = () => undefined;
    await open(({ socket, url }, response) => {
      sockets.push(socket);
      finish = () => response.end('{}');
      if (url === '/large') {
        response.write('x'.repeat(10_000_000));
      }
    });
    const unread = connect(path, () => unread.write('GET /large HTTP/1.1\r\n\r\n')).pause();
    await waitUntil(() => sockets.length === 1);
    const slow = client.get('/slow');
    await waitUntil(() => sockets.length === 2);

    sockets.forEach((socket) => socket.emit('timeout'));

    expect(sockets.map(({ destroyed, timeout }) => [destroyed, timeout])).toEqual([
      [true, 28_000],
      [false, 28_000],
    ]);
    finish();
    expect(await slow).toEqual({});
    unread.destroy();
  });

  it('finishes the running command before it closes, and accepts no more', async () => {
    let finish: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const socket = await open((_, response) => {
      finish = () => response.end('{"name":"anna"}');
      begun();
    });
    const result = client.get('/users/anna');
    await running;

    const closed = socket.beforeApplicationShutdown();
    const rejected = client.get('/users/bert');
    await expect(rejected).rejects.toThrow(/not reachable, and did not run/);
    finish();

    expect(await result).toEqual({ name: 'anna' });
    await closed;
  });

  it('replaces the socket of a killed server, and is accessible to its owner only', async () => {
    writeFileSync(path, '', { mode: 0o666 });

    await open((_, response) => response.end());

    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });

  it('keeps the server running when the path is taken', async () => {
    mkdirSync(path);

    await expect(open((_, response) => response.end())).resolves.toBeDefined();

    expect(statSync(path).isDirectory()).toBe(true);
  });
});
