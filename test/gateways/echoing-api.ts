import { createServer, type Server } from 'node:http';
import { type RawResponse } from '../support/raw-http.js';
import { listen, readRequest, type SeenRequest } from './seen-request.js';

/** API that accepts all requests, and responds with the request that it received. */
export class EchoingApi {
  /** Number of requests that it received. */
  count = 0;

  private constructor(
    private readonly server: Server,
    readonly authority: string,
  ) {}

  static async start(): Promise<EchoingApi> {
    // More than the gateways accept, so that the tests see all that they pass on.
    const server = createServer({ maxHeaderSize: 65_536 });
    const api = new EchoingApi(server, await listen(server));
    server.on('request', (request, response) => {
      api.count += 1;
      void readRequest(request).then((seen) => {
        const answer = JSON.stringify(seen);
        // With Content-Length, because the reader does not know chunks.
        response.setHeader('Content-Length', Buffer.byteLength(answer)).end(answer);
      });
    });
    return api;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Parses the request that the API received from its response. */
export const echoed = ({ body }: RawResponse) => JSON.parse(body) as SeenRequest;
