import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How connections fare: they come through, nothing comes through any more, or they are cut and refused. */
type Passage = 'open' | 'stalled' | 'cut';

/** One connection, and the name by which its client says what it is for. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
  applicationName?: string;
}

/** A way to a PostgreSQL server on which nothing may come through, or late, as when that is stopped or the network is cut. */
export class StallingProxy {
  private readonly links: Link[] = [];
  private passage: Passage = 'open';
  /** Whose connections are concerned; everybody's if there is no name. */
  private name: string | undefined;
  private latencyMilliseconds = 0;

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
    server.on('connection', (client) => proxy.join({ client, server: connect(Number(port), hostname) }));
    return proxy;
  }

  /** Lets nothing through any more, of one client alone if it is named; connections are taken as before. */
  stall(name?: string): void {
    this.set('stalled', name);
  }

  /** Has everything that is sent from now on take so long, each way. */
  slow(latencyMilliseconds: number): void {
    this.latencyMilliseconds = latencyMilliseconds;
  }

  /** Cuts all connections, or those of one client if it is named, and refuses new ones. */
  cut(name?: string): void {
    this.set('cut', name);
  }

  /** Lets everything through again, also what was held back. */
  resume(): void {
    this.slow(0);
    this.set('open');
  }

  close(): void {
    this.links.flatMap(({ client, server }) => [client, server]).forEach((socket) => socket.destroy());
    this.server.close();
  }

  private set(passage: Passage, name?: string): void {
    this.passage = passage;
    this.name = name;
    this.links.forEach((link) => this.apply(link));
  }

  private apply({ client, server, applicationName }: Link): void {
    const isConcerned = this.name === undefined || this.name === applicationName;
    if (this.passage === 'open' || !isConcerned) {
      client.resume();
      server.resume();
    } else if (this.passage === 'stalled') {
      client.pause();
      server.pause();
    } else {
      client.destroy();
    }
  }

  private join(link: Link): void {
    this.links.push(link);
    const { client, server } = link;
    // The first packet names the client.
    client.once('data', (chunk) => {
      link.applicationName = /application_name\0([^\0]*)\0/.exec(chunk.toString('latin1'))?.[1];
      this.apply(link);
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      let dueTime = 0;
      from.on('data', (chunk) => {
        // What comes later may not overtake.
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
