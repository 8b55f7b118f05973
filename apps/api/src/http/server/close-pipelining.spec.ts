import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { closePipelining, isPipelining } from './close-pipelining.js';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

let server: Server;
let metrics: Metrics;
/** Handled requests, by their path. */
let handled: (string | undefined)[];
let respond: (response: ServerResponse) => void;

beforeEach(async () => {
  handled = [];
  respond = (response) => void setImmediate(() => response.end('done'));
  server = createServer((request, response) => {
    handled.push(request.url);
    request.resume();
    respond(response);
  });
  metrics = new Metrics();
  closePipelining(server, metrics);
  server.on('clientError', (error, socket) => isPipelining(error) || socket.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const open = () => connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);

/** Sends bytes and returns the received text after the server has closed the connection. */
function exchange(bytes: string, socket: Socket = open()): Promise<string> {
  socket.write(bytes);
  return text(socket);
}

const closedConnections = async () =>
  /^latchkey_connections_closed_total\{reason="pipelining"\} (\d+)$/m.exec(await metrics.text())?.[1];

describe('closePipelining', () => {
  it.each([1, 2, 1_500])(
    'closes the connection after the first response when %s requests follow it',
    async (count) => {
      const received = await exchange(`GET /first HTTP/1.1\r\nHost: a\r\n\r\n${GET.repeat(count)}`);

      expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(1);
      expect(received).toMatch(/^Connection: close\r$/im);
      expect(received).toMatch(/done$/);
      expect(handled).toEqual(['/first']);
      expect(await closedConnections()).toBe('1');
    },
  );

  it('sends the rest of a response that it has begun', async () => {
    respond = (response) => {
      response.write('begun, ');
      setTimeout(() => response.end('done'), 20);
    };

    expect(await exchange(GET + GET)).toMatch(/begun, [^]*done/);
    expect(handled).toEqual(['/']);
  });

  it.each([
    ['after a body', `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc${GET}`],
    ['with a body', `${GET}POST /next HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`],
    ['with CONNECT', `${GET}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['that is malformed', `${GET}${GET}nonsense\r\n\r\n`],
    ['as an upgrade', `${GET}GET /next HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n`],
  ])('does not handle a request %s', async (_, bytes) => {
    expect(await exchange(bytes)).toMatch(/done/);
    expect(handled).toEqual(['/']);
  });

  it('keeps the connection open for a request after the response', async () => {
    const socket = open().setEncoding('utf8');
    for (let count = 1; count <= 3; count += 1) {
      socket.write(GET);
      const [received] = (await once(socket, 'data')) as [string];
      expect(received).toMatch(/200 OK[^]*done$/);
    }

    expect(handled).toHaveLength(3);
    expect(await closedConnections()).toBe('0');
  });
});
