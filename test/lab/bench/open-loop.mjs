// Sends requests at a fixed rate, whether or not the server is slow. Uses bare sockets, because node:http costs three times as
// much and shares the machine with the server.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Further requests wait for a connection, which counts as latency. */
const CONNECTIONS_MAX = 1_000;
const END_OF_HEAD = '\r\n\r\n';

/** @typedef {{ status: number, retryAfter: number, time: number, milliseconds: number, late: number }} TimedResponse */

/**
 * Sends requests at a fixed rate. Returns for each the status (0 if the connection broke), the seconds of `Retry-After` (0
 * without), the time of the complete response, its duration since the request was due, and the delay in sending it.
 *
 * @param {string} url
 * @param {object} load
 * @param {string} [load.method]
 * @param {Record<string, string>} load.headers
 * @param {number} load.aSecond
 * @param {number} load.seconds
 * @param {number} [load.connections] opened before the first request. If requests wait because all are in use, more are opened,
 * and opening some at once takes both processes longer than answering.
 * @returns {Promise<TimedResponse[]>}
 */
export async function openLoop(url, { method = 'GET', headers, aSecond, seconds, connections: opened = 0 }) {
  const { hostname, port, pathname } = new URL(url);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${fields.join('')}Content-Length: 0\r\n\r\n`;
  const connections = new Connections(Number(port), hostname, Buffer.from(text));
  await connections.openIdle(opened);
  const answers = [];
  const start = performance.now();
  for (let index = 0; index < aSecond * seconds; index += 1) {
    const dueTime = start + (index * 1_000) / aSecond;
    const early = dueTime - performance.now();
    if (early > 0) {
      await pause(early);
    }
    answers.push(connections.ask(dueTime));
  }
  const all = await Promise.all(answers);
  connections.close();
  return all;
}

/** Returns the percentile of the values. */
export function percentile(values, percent) {
  const index = Math.floor((values.length * percent) / 100);
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, index)];
}

/** Pool of persistent connections, each with one request at a time. */
class Connections {
  open = 0;
  idle = [];
  waiting = [];

  constructor(port, hostname, request) {
    Object.assign(this, { port, hostname, request });
  }

  ask(dueTime) {
    return new Promise((resolve) => {
      const ask = { dueTime, resolve, text: '' };
      const socket = this.idle.shift() ?? (this.open < CONNECTIONS_MAX ? this.connect() : undefined);
      if (socket) {
        this.send(socket, ask);
      } else {
        this.waiting.push(ask);
      }
    });
  }

  /** Opens connections for later requests. */
  async openIdle(count) {
    const sockets = Array.from({ length: count }, () => this.connect());
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    this.idle.push(...sockets.filter(({ destroyed }) => !destroyed));
  }

  close() {
    this.idle.forEach((socket) => socket.destroy());
  }

  connect() {
    this.open += 1;
    const socket = connect(this.port, this.hostname).setNoDelay();
    socket.setEncoding('latin1').on('data', (chunk) => this.receive(socket, chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.open -= 1;
      this.idle = this.idle.filter((other) => other !== socket);
      socket.ask?.resolve(timed(socket.ask, 0, 0));
    });
    return socket;
  }

  send(socket, ask) {
    ask.late = performance.now() - ask.dueTime;
    socket.ask = ask;
    socket.write(this.request);
  }

  receive(socket, chunk) {
    const { ask } = socket;
    if (!ask) {
      // The server rejects a connection that has sent nothing.
      socket.destroy();
      return;
    }
    ask.text += chunk;
    const headLength = ask.text.indexOf(END_OF_HEAD);
    const bodyLength = numberIn(ask.text, /^content-length: (\d+)/im);
    if (headLength < 0 || ask.text.length < headLength + END_OF_HEAD.length + bodyLength) {
      return;
    }
    const status = Number(ask.text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    ask.resolve(timed(ask, status, numberIn(ask.text, /^retry-after: (\d+)/im)));
    const next = this.waiting.shift();
    socket.ask = undefined;
    if (next) {
      this.send(socket, next);
    } else {
      this.idle.push(socket);
    }
  }
}

function numberIn(text, pattern) {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

function timed({ dueTime, late }, status, retryAfter) {
  const time = performance.now();
  return { status, retryAfter, time, milliseconds: time - dueTime, late };
}
