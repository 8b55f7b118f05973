import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const NOTIFICATION = 'A'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
/** Bytes of the type and the length before each message. */
const HEAD_LENGTH = 5;

/**
 * Proxy of a PostgreSQL server that forwards notifications only with the response to a query, like a pooler
 * in transaction mode: between two queries a client has no server connection.
 */
export class TransactionPooler {
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Opens a proxy of the database at a URL. `url` is the URL of the proxy. */
  static async open(target: string): Promise<TransactionPooler> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    const pooler = new TransactionPooler(server, url.href);
    server.on('connection', (client) => pooler.join(client, connect(Number(port), hostname)));
    return pooler;
  }

  close(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }

  private join(client: Socket, database: Socket): void {
    this.sockets.push(client, database);
    let isQuerying = true;
    let rest = Buffer.alloc(0);
    client.on('data', (chunk) => {
      isQuerying = true;
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let length = lengthOf(rest); length <= rest.length; length = lengthOf(rest)) {
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (isQuerying || message[0] !== NOTIFICATION) {
          client.write(message);
        }
        isQuerying &&= message[0] !== READY_FOR_QUERY;
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

/** Returns the length of the first message, or infinity if the length has not arrived. */
function lengthOf(bytes: Buffer): number {
  return bytes.length < HEAD_LENGTH ? Infinity : 1 + bytes.readUInt32BE(1);
}
