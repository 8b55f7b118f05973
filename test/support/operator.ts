import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OperatorSocket } from '../../apps/api/src/cli/server/operator-socket.service.js';
import { type TestServer } from './test-server.js';

/** Response of a request over the socket. */
export interface OperatorResponse {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Client on the socket of the command line. */
export class Operator {
  private constructor(
    private readonly folder: string,
    private readonly socketPath: string,
  ) {}

  /** Opens the socket of a test server. */
  static async of({ app }: Pick<TestServer, 'app'>): Promise<Operator> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-operator-'));
    const socketPath = join(folder, 'sock');
    await app.get(OperatorSocket, { strict: false }).listen(socketPath);
    return new Operator(folder, socketPath);
  }

  /** Sends a request, by default with the credentials of an operator. */
  send(
    method: string,
    path: string,
    body?: object,
    headers: OutgoingHttpHeaders = { authorization: 'Operator alice' },
  ): Promise<OperatorResponse> {
    return new Promise((resolve, reject) => {
      const { socketPath } = this;
      const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
        const { statusCode: status = 0, headers: received } = response;
        text(response).then((content) => resolve({ status, headers: received, text: content }), reject);
      });
      if (body) {
        sent.setHeader('content-type', 'application/json');
      }
      sent.on('error', reject).end(body && JSON.stringify(body));
    });
  }

  /** Removes the folder of the socket. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
