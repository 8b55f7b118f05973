import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { verifyWebhook } from '@latchkey/client';
import { type EventDto } from '@latchkey/auth-models';

/** One request in this number gets 503. */
const FAILURE_INTERVAL = 200;

/** Event as a receiver has it. */
interface ReceivedEvent {
  readonly event: EventDto;
  readonly body: string;
  /** Position among all requests. */
  readonly position: number;
  /** Number of accepted requests with this event. */
  count: number;
}

/** Receiver of webhooks that keeps all events, and fails now and then. */
export class EventReceiver {
  readonly events = new Map<string, ReceivedEvent>();
  readonly complaints: string[] = [];
  secret = '';
  private requests = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<EventReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new EventReceiver(server);
    server.on('request', (request, response) => {
      void request.toArray().then(
        async (chunks) => {
          const body = Buffer.concat(chunks as Buffer[]).toString();
          response.writeHead(await receiver.receive(body, request.headers)).end();
        },
        // The sender was killed.
        () => undefined,
      );
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  /** Number of accepted requests that repeat an event. */
  get duplicates(): number {
    return [...this.events.values()].reduce((sum, { count }) => sum + count - 1, 0);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async receive(body: string, headers: NodeJS.Dict<string | string[]>): Promise<number> {
    this.requests += 1;
    const position = this.requests;
    try {
      const event = await verifyWebhook(body, headers, this.secret);
      if (event.id !== headers['webhook-id']) {
        this.complaints.push(`the event ${event.id} has another webhook-id`);
      }
      if (position % FAILURE_INTERVAL === 0) {
        return 503;
      }
      const known = this.events.get(event.id);
      if (known && known.body !== body) {
        this.complaints.push(`the event ${event.id} has two bodies`);
      }
      this.events.set(event.id, known ?? { event, body, position, count: 0 }).get(event.id)!.count += 1;
      return 204;
    } catch (error) {
      this.complaints.push((error as Error).message);
      return 400;
    }
  }
}
