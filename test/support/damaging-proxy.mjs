import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';

const DIGIT = /(?<=data: .*)[0-9]/;

/** HTTP proxy that damages single events of revocation feeds. It leaves all other responses alone. */
export class DamagingProxy {
  /** Number of damaged events by kind. */
  damaged = { drop: 0, repeat: 0, swap: 0, alter: 0 };
  /** Number of feeds that were opened. */
  feeds = 0;
  /**
   * Returns the damage to an event: drop, repeat, swap it with the next one, or alter a digit; `undefined`
   * for none.
   */
  choose = () => undefined;
  #server;

  /** @param {string} target URL of the server. */
  static async open(target) {
    const proxy = new DamagingProxy();
    proxy.#server = createServer((request, response) => proxy.#forward(target, request, response));
    proxy.#server.listen(0, '127.0.0.1').unref();
    await once(proxy.#server, 'listening');
    proxy.url = `http://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #forward(target, request, response) {
    const { method, headers, url } = request;
    const upstream = httpRequest(new URL(url, target), { method, headers }, (received) => {
      response.writeHead(received.statusCode, received.headers);
      if (received.headers['content-type']?.startsWith('text/event-stream')) {
        this.#damage(received, response);
      } else {
        received.pipe(response);
      }
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  #damage(received, response) {
    this.feeds += 1;
    let rest = '';
    /** Event that follows the next one. */
    let held = '';
    received.setEncoding('utf8');
    received.on('data', (text) => {
      const events = (rest + text).split('\n\n');
      rest = events.pop();
      for (const event of events.map((lines) => `${lines}\n\n`)) {
        const kind = held === '' ? this.choose(event) : undefined;
        if (kind !== undefined) {
          this.damaged[kind] += 1;
        }
        switch (kind) {
          case 'drop':
            break;
          case 'repeat':
            response.write(event + event);
            break;
          case 'swap':
            held = event;
            break;
          case 'alter':
            response.write(event.replace(DIGIT, (digit) => (Number(digit) + 1) % 10));
            break;
          default:
            response.write(event + held);
            held = '';
        }
      }
    });
    received.on('end', () => response.end());
    received.on('error', () => response.destroy());
  }
}
