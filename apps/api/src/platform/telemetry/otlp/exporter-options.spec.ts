import { once } from 'node:events';
import { type Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { exporterOptions } from './exporter-options.js';

let server: Server;

afterEach(() => {
  jest.useRealTimers();
  server.closeAllConnections();
  server.close();
});

/** Posts to a receiver with the agent of an exporter. */
async function post(answer: Parameters<typeof createServer>[1]) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { httpAgentOptions } = exporterOptions({ url, tls: {} });
  const createAgent = httpAgentOptions as (protocol: string) => Agent;
  return request(url, { method: 'POST', agent: createAgent('http:') })
    .on('error', () => undefined)
    .end();
}

describe('the agent of an exporter', () => {
  it('closes the connection of an endless response', async () => {
    const sent = await post((_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', write);
      write();
    });

    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await expect(once(response, 'never')).rejects.toThrow('The response of the receiver is too long.');
  });

  it('closes each connection after a minute, also during a response', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    const sent = await post((_request, response) => response.writeHead(200).write('x'));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const { socket } = response as { socket: Socket };
    response.on('error', () => undefined).resume();

    jest.advanceTimersByTime(59_000);
    expect(socket.destroyed).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(socket.destroyed).toBe(true);
  });
});
