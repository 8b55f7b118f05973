import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** TCP proxy that can delay, stop or close connections, like a stopped server or a broken network. */
export class StallingProxy {
  /** Connections, with the application names that clients of PostgreSQL send. */
  #links = new Set();
  /** Connections transmit data (`open`), transmit nothing (`stalled`), or are closed and rejected (`cut`). */
  #mode = 'open';
  /** Application name of the affected connections; all if undefined. */
  #name;
  #latencyMilliseconds = 0;
  #openMilliseconds = 0;
  #server = createServer();
  #target;

  /** @param {string} target URL of the server. */
  static async open(target) {
    const proxy = new StallingProxy();
    proxy.#target = target;
    proxy.#server.listen(0, '127.0.0.1').unref();
    await once(proxy.#server, 'listening');
    const url = new URL(target);
    url.port = String(proxy.#server.address().port);
    proxy.url = url.href.replace(/\/$/, '');
    proxy.#server.on('connection', (client) => {
      const { hostname, port } = new URL(proxy.#target);
      proxy.#join({ client, server: connect(Number(port), hostname) });
    });
    return proxy;
  }

  switchTo(target) {
    this.#target = target;
  }

  stall(name) {
    this.#set('stalled', name);
  }

  slow(latencyMilliseconds) {
    this.#latencyMilliseconds = latencyMilliseconds;
  }

  slowNew(openMilliseconds) {
    this.#openMilliseconds = openMilliseconds;
  }

  cut(name) {
    this.#set('cut', name);
  }

  resume() {
    this.slow(0);
    this.slowNew(0);
    this.#set('open');
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #set(mode, name) {
    this.#mode = mode;
    this.#name = name;
    this.#links.forEach((link) => this.#apply(link));
  }

  #apply({ client, server, applicationName }) {
    const isAffected = this.#name === undefined || this.#name === applicationName;
    if (this.#mode === 'open' || !isAffected) {
      client.resume();
      server.resume();
    } else if (this.#mode === 'stalled') {
      client.pause();
      server.pause();
    } else {
      client.destroy();
    }
  }

  #join(link) {
    this.#links.add(link);
    const { client, server } = link;
    // The first packet has the application name.
    client.once('data', (chunk) => {
      link.applicationName = /application_name\0([^\0]*)\0/.exec(chunk.toString('latin1'))?.[1];
      this.#apply(link);
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      let dueTime = performance.now() + this.#openMilliseconds;
      from.on('data', (chunk) => {
        // Later data must not overtake.
        dueTime = Math.max(dueTime, performance.now() + this.#latencyMilliseconds);
        const wait = dueTime - performance.now();
        if (this.#latencyMilliseconds === 0 && wait <= 0) {
          to.write(chunk);
        } else {
          setTimeout(() => to.write(chunk), wait);
        }
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.#links.delete(link);
      });
    }
    this.#apply(link);
  }
}
