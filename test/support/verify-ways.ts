import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { restorePath } from '../../apps/api/src/auth/verify/verify-fast-path.service.js';
import { TokenAuthentication } from '../../apps/api/src/auth/verify/token-authentication.service.js';
import { REQUEST_OPTIONS, sendClientError } from '../../apps/api/src/http/server/create-server.js';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { type RunningServer } from './use-server.js';

const KEEP_ALIVE_TIMEOUT = 72_000;

/** Interim response, such as `100 Continue`. */
const INTERIM = /^HTTP\/1\.1 1\d\d [^]*?\r\n\r\n/;

/** Connection that is kept open, and replaced when the server closes it. */
export class Connection {
  private socket: Socket | undefined;
  private received = '';
  private notice: () => unknown = () => undefined;

  constructor(private readonly port: number) {}

  /** Sends a request and returns the bytes of the response. */
  async exchange(request: string): Promise<string> {
    const socket = await this.open();
    const hasBody = !request.startsWith('HEAD ');
    this.received = '';
    const isReceived = new Promise<void>((resolve) => {
      this.notice = () => (socket.closed || this.isWhole(hasBody)) && resolve();
    });
    socket.write(request, 'latin1');
    await isReceived;
    if (/\r\nconnection: close\r\n/i.test(this.received)) {
      this.close();
    }
    return this.received;
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private async open(): Promise<Socket> {
    if (this.socket && !this.socket.closed) {
      return this.socket;
    }
    const socket = connect(this.port, '127.0.0.1').setNoDelay();
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.notice();
    });
    socket.on('close', () => this.notice());
    await once(socket, 'connect');
    this.socket = socket;
    return socket;
  }

  private isWhole(hasBody: boolean): boolean {
    const final = this.received.replace(INTERIM, '');
    const end = final.indexOf('\r\n\r\n');
    const length = /\r\ncontent-length: (\d+)/i.exec(final)?.[1];
    return end !== -1 && (!hasBody || final.length >= end + 4 + Number(length ?? 0));
  }
}

/**
 * Connections to two listeners of one application: that of the server, and one without the fast path of
 * `GET /auth/verify`.
 */
export interface VerifyWays {
  fast: Connection;
  route: Connection;
  /**
   * Starts counting the requests that the fast path accepts, until mocks are restored. Returns a function for
   * the count.
   */
  countFast(): () => number;
}

/**
 * Opens two listeners on an application, to compare the responses of the fast path with those of the route.
 */
export function useVerifyWays(server: RunningServer): VerifyWays {
  const ways = {
    countFast() {
      const { mock } = jest.spyOn(server.app.get(TokenAuthentication, { strict: false }), 'recordUseOf');
      return () => mock.calls.length;
    },
  } as VerifyWays;
  let listener: Server;

  beforeAll(async () => {
    const api = server.app.getHttpAdapter().getInstance();
    const routing: RequestListener = (request, response) => {
      restorePath(request);
      api.routing(request, response);
    };
    listener = createServer({ ...REQUEST_OPTIONS, keepAliveTimeout: KEEP_ALIVE_TIMEOUT }, routing);
    listener.on('checkExpectation', routing);
    const config = server.app.get(Config);
    listener.on('clientError', (error, socket) => sendClientError(error, socket as Socket, config));
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    ways.route = new Connection((listener.address() as AddressInfo).port);
    ways.fast = new Connection(Number(new URL(server.client.baseUrl).port));
  });

  afterAll(() => {
    ways.fast.close();
    ways.route.close();
    listener.close();
  });

  return ways;
}
