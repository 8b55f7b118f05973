// Requests at a fixed rate: one that is due does not wait for those before it, so a slow server is not asked less. On bare
// sockets, as the generator shares the machine with the server: node:http costs three times as much.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Beyond these a request waits for a connection, which counts as its own waiting. */
const CONNECTIONS_MAX = 1_000;
const END_OF_HEAD = '\r\n\r\n';

/** @typedef {{ status: number, retryAfter: number, time: number, milliseconds: number, late: number }} TimedAnswer */

/**
 * Asks at a fixed rate, and returns each answer: its status (0 when the connection broke), the seconds of `Retry-After` (0
 * without), when it was whole, how long that took from when the request was due, and how late the request was sent.
 *
 * @param {string} url
 * @param {{ method?: string, headers: Record<string, string>, aSecond: number, seconds: number }} load
 * @returns {Promise<TimedAnswer[]>}
 */
export async function openLoop(url, { method = 'GET', headers, aSecond, seconds }) {
  const { hostname, port, pathname } = new URL(url);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${fields.join('')}Content-Length: 0\r\n\r\n`;
  const connections = new Connections(Number(port), hostname, Buffer.from(text));
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

/** The value below which so many per cent of the values are. */
export function percentile(values, percent) {
  const index = Math.floor((values.length * percent) / 100);
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, index)];
}

/** Connections that stay open, each with one request at a time. */
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
      const socket = this.idle.pop() ?? (this.open < CONNECTIONS_MAX ? this.connect() : undefined);
      if (socket) {
        this.send(socket, ask);
      } else {
        this.waiting.push(ask);
      }
    });
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
