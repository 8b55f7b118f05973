import { createServer, type Server } from 'node:http';
import { type RawResponse } from '../support/raw-http.js';
import { listen, readRequest, type SeenRequest } from './seen-request.js';

/** An API that lets everybody in, and answers with the request as it saw it. */
export class EchoingApi {
  /** How many requests reached it. */
  count = 0;

  private constructor(
    private readonly server: Server,
    readonly authority: string,
  ) {}

  static async start(): Promise<EchoingApi> {
    const server = createServer();
    const api = new EchoingApi(server, await listen(server));
    server.on('request', (request, response) => {
      api.count += 1;
      void readRequest(request).then((seen) => {
        const answer = JSON.stringify(seen);
        // With its length, as whoever reads the answer knows nothing of chunks.
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

/** What the API saw, by its answer. */
export const echoed = ({ body }: RawResponse) => JSON.parse(body) as SeenRequest;
