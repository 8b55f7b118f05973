import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import {
  deployedNginx,
  describeIfInstalled,
  NGINX_MISSING,
  type ExternalProgram,
  startNginx,
} from '../support/external-programs.js';

let nginx: ExternalProgram;
let replicas: Server[] = [];
/** Requests that reached the replicas, in order. */
let seen: string[] = [];

/** Starts a fake replica. */
async function startFakeReplica(answer: RequestListener, port = 0): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push(`${request.method} ${body}`.trim());
      answer(request, response);
    });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

const authority = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

async function startBefore(first: RequestListener, second = first): Promise<void> {
  replicas = [await startFakeReplica(first), await startFakeReplica(second)];
  const [a, b] = replicas as [Server, Server];
  nginx = await startNginx(deployedNginx([authority(a), authority(b)]));
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

const send = (method: string) =>
  fetch(`${nginx.baseUrl}/users/anna`, {
    method,
    ...(['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { body: 'new' }),
  });

const expectedRequest = (method: string) => (method.startsWith('P') ? `${method} new` : method);

const serve: RequestListener = (_, response) => response.writeHead(200).end();
const reject: RequestListener = (_, response) => response.writeHead(503, { 'Retry-After': '2' }).end();
/** Sends a head that nginx cannot read, because it is larger than any of Latchkey's. */
const sendTooMuch: RequestListener = (_, response) =>
  response.writeHead(200, { 'X-Large': 'x'.repeat(20_000) }).end();
/** Fails like a replica that is killed after it has processed the request. */
const die: RequestListener = (request) => request.socket.destroy();

describeIfInstalled(NGINX_MISSING, 'deploy/nginx.conf', () => {
  afterEach(async () => {
    await nginx.stop();
    replicas.forEach(close);
    seen = [];
  });

  it('returns 503 with Retry-After while no replica can serve, and keeps sending requests', async () => {
    await startBefore(reject);

    for (const method of ['GET', 'GET', 'GET', 'DELETE', 'GET', 'POST', 'GET']) {
      const { status, headers } = await send(method);
      expect([method, status, headers.get('Retry-After')]).toEqual([method, 503, '2']);
    }
    expect(seen).toHaveLength(7);
  });

  it('still returns successful responses while other requests get 503', async () => {
    await startBefore((request, response) => (request.method === 'HEAD' ? serve : reject)(request, response));
    await Promise.all(Array.from({ length: 8 }, () => send('GET')));

    const answers = await Promise.all(Array.from({ length: 8 }, () => send('HEAD')));

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it.each(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])(
    'sends a %s to the other replica when one is unreachable',
    async (method) => {
      await startBefore(serve);
      close(replicas[0] as Server);

      const statuses = [
        (await send(method)).status,
        (await send(method)).status,
        (await send(method)).status,
      ];

      expect(statuses).toEqual([200, 200, 200]);
      expect(seen).toEqual(Array(3).fill(expectedRequest(method)));
    },
  );

  it('sends concurrent requests to the other replica before it knows that one is unreachable', async () => {
    await startBefore(serve);
    close(replicas[0] as Server);

    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => (await send(index % 2 === 0 ? 'PUT' : 'DELETE')).status),
    );

    expect(statuses).toEqual(Array(40).fill(200));
  });

  it.each(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])(
    'sends a %s to a replica that is back when the other one stops',
    async (method) => {
      await startBefore(serve);
      const [first, second] = replicas as [Server, Server];
      const { port } = first.address() as AddressInfo;
      close(first);
      // One of these detects that the first replica is down.
      await Promise.all([send('GET'), send('GET')]);
      replicas[0] = await startFakeReplica(serve, port);
      close(second);

      const statuses = [
        (await send(method)).status,
        (await send(method)).status,
        (await send(method)).status,
      ];

      expect(statuses).toEqual([200, 200, 200]);
    },
  );

  it.each(['GET', 'HEAD'])('repeats a %s without a response on the other replica', async (method) => {
    await startBefore(die, serve);

    const statuses = [(await send(method)).status, (await send(method)).status];

    expect(statuses).toEqual([200, 200]);
    expect(seen.length).toBe(3);
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE'])(
    'keeps sending requests to both replicas after it could not read the response to a %s',
    async (method) => {
      const reached: string[] = [];
      const answerAs =
        (name: string): RequestListener =>
        (request, response) => {
          reached.push(name);
          (request.method === 'HEAD' ? serve : sendTooMuch)(request, response);
        };
      await startBefore(answerAs('first'), answerAs('second'));

      const { status } = await send(method);
      const failed = reached.splice(0);
      for (let sent = 0; sent < 4; sent += 1) {
        expect((await send('HEAD')).status).toBe(200);
      }

      expect([status, failed.length]).toEqual([502, 1]);
      expect(reached.toSorted()).toEqual(['first', 'first', 'second', 'second']);
    },
  );

  it.each(['POST', 'PATCH', 'PUT', 'DELETE'])('never repeats a %s that was sent', async (method) => {
    await startBefore(die);

    const { status } = await send(method);

    expect(status).toBe(502);
    expect(seen).toEqual([expectedRequest(method)]);
  });
});
