import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Connections transmit data, transmit nothing, or are closed and refused. */
type Mode = 'open' | 'stalled' | 'cut';

/** Connection, with the application name that its client sends. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
  applicationName?: string;
}

/** Proxy of a PostgreSQL server that can delay, stop or close connections, like a stopped server or a broken network. */
export class StallingProxy {
  private readonly links: Link[] = [];
  private mode: Mode = 'open';
  /** Application name of the affected connections; all if undefined. */
  private name: string | undefined;
  private latencyMilliseconds = 0;
  private openMilliseconds = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private target: string,
  ) {}

  /** Opens a proxy of the database at a URL. `url` is the URL of the proxy. */
  static async open(target: string): Promise<StallingProxy> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new StallingProxy(server, url.href, target);
    server.on('connection', (client) => {
      const { hostname, port } = new URL(proxy.target);
      proxy.join({ client, server: connect(Number(port), hostname) });
    });
    return proxy;
  }

  /** Leads new connections to another server, and keeps the others, as after a change of an address in DNS. */
  switchTo(target: string): void {
    this.target = target;
  }

  /** Stops all data, or that of one application. The proxy still accepts connections. */
  stall(name?: string): void {
    this.set('stalled', name);
  }

  /** Delays all data in each direction. */
  slow(latencyMilliseconds: number): void {
    this.latencyMilliseconds = latencyMilliseconds;
  }

  /** Delays the first data of new connections. */
  slowNew(openMilliseconds: number): void {
    this.openMilliseconds = openMilliseconds;
  }

  /** Closes all connections, or those of one application, and refuses new ones. */
  cut(name?: string): void {
    this.set('cut', name);
  }

  /** Transmits all data again, including what was held back. */
  resume(): void {
    this.slow(0);
    this.slowNew(0);
    this.set('open');
  }

  close(): void {
    this.links.flatMap(({ client, server }) => [client, server]).forEach((socket) => socket.destroy());
    this.server.close();
  }

  private set(mode: Mode, name?: string): void {
    this.mode = mode;
    this.name = name;
    this.links.forEach((link) => this.apply(link));
  }

  private apply({ client, server, applicationName }: Link): void {
    const isAffected = this.name === undefined || this.name === applicationName;
    if (this.mode === 'open' || !isAffected) {
      client.resume();
      server.resume();
    } else if (this.mode === 'stalled') {
      client.pause();
      server.pause();
    } else {
      client.destroy();
    }
  }

  private join(link: Link): void {
    this.links.push(link);
    const { client, server } = link;
    // The first packet has the application name.
    client.once('data', (chunk) => {
      link.applicationName = /application_name\0([^\0]*)\0/.exec(chunk.toString('latin1'))?.[1];
      this.apply(link);
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      let dueTime = performance.now() + this.openMilliseconds;
      from.on('data', (chunk) => {
        // Later data must not overtake.
        dueTime = Math.max(dueTime, performance.now() + this.latencyMilliseconds);
        const wait = dueTime - performance.now();
        if (this.latencyMilliseconds === 0 && wait <= 0) {
          to.write(chunk);
        } else {
          setTimeout(() => to.write(chunk), wait);
        }
      });
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    this.apply(link);
  }
}
