import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import { describeWith } from '../support/describe-with.js';
import { deliveredNginx, NGINX_NEEDS, startNginx } from '../support/nginx.js';
import { type RunningRecipe } from '../support/running-recipe.js';

let nginx: RunningRecipe;
let replicas: Server[] = [];
/** What reached the replicas, in order. */
let seen: string[] = [];

/** Stands in for a replica. */
async function standIn(answer: RequestListener, port = 0): Promise<Server> {
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
  replicas = [await standIn(first), await standIn(second)];
  const [a, b] = replicas as [Server, Server];
  nginx = await startNginx(deliveredNginx([authority(a), authority(b)]));
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

const ask = (method: string) =>
  fetch(`${nginx.baseUrl}/users/anna`, {
    method,
    ...(['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { body: 'new' }),
  });

const asked = (method: string) => (method.startsWith('P') ? `${method} new` : method);

const serve: RequestListener = (_, response) => response.writeHead(200).end();
const refuse: RequestListener = (_, response) => response.writeHead(503, { 'Retry-After': '2' }).end();
/** Ends as a replica that is killed once it has done what was asked. */
const die: RequestListener = (request) => request.socket.destroy();

describeWith(NGINX_NEEDS, 'deploy/nginx.conf', () => {
  afterEach(async () => {
    await nginx.stop();
    replicas.forEach(close);
    seen = [];
  });

  it('hands on that neither can serve, with when to try again, and goes on asking', async () => {
    await startBefore(refuse);

    for (const method of ['GET', 'GET', 'GET', 'DELETE', 'GET', 'POST', 'GET']) {
      const { status, headers } = await ask(method);
      expect([method, status, headers.get('Retry-After')]).toEqual([method, 503, '2']);
    }
    expect(seen).toHaveLength(7);
  });

  it('reaches what one of them can answer while it cannot serve the rest', async () => {
    await startBefore((request, response) => (request.method === 'HEAD' ? serve : refuse)(request, response));
    await Promise.all(Array.from({ length: 8 }, () => ask('GET')));

    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('HEAD')));

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it.each(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])(
    'asks the other where a %s could not be sent',
    async (method) => {
      await startBefore(serve);
      close(replicas[0] as Server);

      const statuses = [(await ask(method)).status, (await ask(method)).status, (await ask(method)).status];

      expect(statuses).toEqual([200, 200, 200]);
      expect(seen).toEqual(Array(3).fill(asked(method)));
    },
  );

  it.each(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])(
    'sends a %s to the replica that has just come back when the other one goes',
    async (method) => {
      await startBefore(serve);
      const [first, second] = replicas as [Server, Server];
      const { port } = first.address() as AddressInfo;
      close(first);
      // One of these finds that the first replica is away.
      await Promise.all([ask('GET'), ask('GET')]);
      replicas[0] = await standIn(serve, port);
      close(second);

      const statuses = [(await ask(method)).status, (await ask(method)).status, (await ask(method)).status];

      expect(statuses).toEqual([200, 200, 200]);
    },
  );

  it.each(['GET', 'HEAD'])('asks the other where a %s was not answered', async (method) => {
    await startBefore(die, serve);

    const statuses = [(await ask(method)).status, (await ask(method)).status];

    expect(statuses).toEqual([200, 200]);
    expect(seen.length).toBe(3);
  });

  it.each(['POST', 'PATCH', 'PUT', 'DELETE'])(
    'repeats no %s that was sent, as it may have been done',
    async (method) => {
      await startBefore(die);

      const { status } = await ask(method);

      expect(status).toBe(502);
      expect(seen).toEqual([asked(method)]);
    },
  );
});
