import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a PostgreSQL server on which nothing may come through, as when that is stopped or the network is cut. */
export class StallingProxy {
  private readonly sockets: Socket[] = [];
  private isStalled = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Opens a way to the database that a URL names; `url` then leads through it. */
  static async open(target: string): Promise<StallingProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new StallingProxy(server, url.href);
    server.on('connection', (socket) => proxy.join(socket, connect(Number(port), hostname)));
    return proxy;
  }

  /** Lets nothing through any more; connections are taken as before. */
  stall(): void {
    this.isStalled = true;
    this.sockets.forEach((socket) => socket.pause());
  }

  /** Lets everything through again, also what was held back. */
  resume(): void {
    this.isStalled = false;
    this.sockets.forEach((socket) => socket.resume());
  }

  close(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }

  private join(one: Socket, other: Socket): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.sockets.push(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      if (this.isStalled) {
        from.pause();
      }
    }
  }
}
