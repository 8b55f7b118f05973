import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { type EventDto } from '@latchkey/auth-models';

/** Request that a receiver got. */
export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Receiver of webhooks on this machine. */
export class WebhookReceiver {
  readonly requests: ReceivedWebhook[] = [];
  /** Status of the responses; 0 = no response. A promise delays them. */
  status: number | Promise<number> = 204;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        void Promise.resolve(receiver.status).then(
          (status) => status !== 0 && response.writeHead(status).end(),
        );
      });
    });
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Events in the received requests. */
  get events(): EventDto[] {
    return this.requests.map(({ body }) => JSON.parse(body) as EventDto);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Opens a server that accepts connections and never responds. When it closes, it resets them. */
export async function openSilentServer() {
  const sockets: Socket[] = [];
  let isOver = false;
  const silent = createTcpServer((socket) => {
    sockets.push(socket.on('error', () => undefined).resume());
    if (isOver) {
      socket.destroy();
    }
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<unknown> => {
    isOver = true;
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => silent.close(resolve));
  };
  return { url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, sockets, close };
}
