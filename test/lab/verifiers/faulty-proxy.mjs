import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** TCP proxy that delays, stalls and drops connections. */
export class FaultyProxy {
  /** Milliseconds by which data in each direction is delayed; infinite = stalled. */
  #delay = 0;
  #resume = () => undefined;
  #pairs = new Set();

  /** @param {string} target URL of the server. */
  static async open(target) {
    const proxy = new FaultyProxy();
    /** URL of the server for new connections; `undefined` to refuse them. */
    proxy.target = target;
    const server = createServer((client) => {
      if (proxy.target === undefined) {
        client.destroy();
      } else {
        const { hostname, port } = new URL(proxy.target);
        proxy.#join(client, connect(Number(port), hostname));
      }
    });
    server.listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    proxy.url = `http://127.0.0.1:${server.address().port}`;
    return proxy;
  }

  /** Holds back all data. @param {number} milliseconds */
  async stall(milliseconds) {
    const stalled = new Promise((resolve) => (this.#resume = resolve));
    this.#delay = stalled;
    await pause(milliseconds);
    this.#delay = 0;
    this.#resume();
  }

  /** Delays all data. @param {number} milliseconds @param {number} duration */
  async slow(milliseconds, duration) {
    this.#delay = milliseconds;
    await pause(duration);
    this.#delay = 0;
  }

  /** Closes all connections. */
  drop() {
    for (const pair of this.#pairs) {
      pair.forEach((socket) => socket.destroy());
    }
  }

  #join(client, server) {
    const pair = [client, server];
    this.#pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      // In order, also when the delay changes.
      let last = Promise.resolve();
      from.on('data', (data) => {
        const delayed = typeof this.#delay === 'number' ? this.#delay && pause(this.#delay) : this.#delay;
        last = Promise.all([last, delayed]).then(() => void to.write(data));
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    }
  }
}
