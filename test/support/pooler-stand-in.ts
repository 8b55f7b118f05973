import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const NOTIFICATION = 'A'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
/** A letter and a length come before each message. */
const HEAD_LENGTH = 5;

/**
 * A way to a PostgreSQL server that passes notifications on only with the answer to a query, as poolers in transaction mode
 * do: between two queries a client has no connection behind it.
 */
export class PoolerStandIn {
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Opens a way to the database that a URL names; `url` then leads through it. */
  static async open(target: string): Promise<PoolerStandIn> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    const pooler = new PoolerStandIn(server, url.href);
    server.on('connection', (client) => pooler.join(client, connect(Number(port), hostname)));
    return pooler;
  }

  close(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }

  private join(client: Socket, database: Socket): void {
    this.sockets.push(client, database);
    let isAsking = true;
    let rest = Buffer.alloc(0);
    client.on('data', (chunk) => {
      isAsking = true;
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let length = lengthOf(rest); length <= rest.length; length = lengthOf(rest)) {
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (isAsking || message[0] !== NOTIFICATION) {
          client.write(message);
        }
        isAsking &&= message[0] !== READY_FOR_QUERY;
      }
    });
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }
}

/** How long the first message is; infinite if not even that has arrived. */
function lengthOf(bytes: Buffer): number {
  return bytes.length < HEAD_LENGTH ? Infinity : 1 + bytes.readUInt32BE(1);
}
