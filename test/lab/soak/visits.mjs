// Simulates users at a fixed rate: each logs in and is verified, half bump, some log out. Visits do not wait
// for earlier ones.
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Shares of all visits. */
const BUMPING = 0.5;
const LOGGING_OUT = 0.1;
const VERIFICATIONS = 2;

/** Runs visits and counts logins, logouts and responses with an unexpected status. */
export class Visits {
  logIns = 0;
  logOuts = 0;
  unexpected = new Map();
  #url;
  #credentials;
  #underWay = new Set();

  constructor(url, credentials) {
    this.#url = url;
    this.#credentials = credentials;
  }

  /** Starts visits until a time of `performance.now()`, and waits until the last one has finished. */
  async untilTime(end, aSecond) {
    const start = performance.now();
    for (let count = 1; performance.now() < end; count += 1) {
      const visit = this.#visit(count).finally(() => this.#underWay.delete(visit));
      this.#underWay.add(visit);
      await pause(Math.max(0, start + (count * 1_000) / aSecond - performance.now()));
    }
    await Promise.all(this.#underWay);
  }

  async #visit(count) {
    this.logIns += 1;
    const logIn = await this.#send('POST', '/auth/login', { ...this.#credentials, Accept: 'text/plain' });
    if (logIn.status !== 200) {
      return;
    }
    const token = { 'X-Auth-Token': logIn.text };
    for (let verification = 0; verification < VERIFICATIONS; verification += 1) {
      await this.#send('GET', '/auth/verify', token);
    }
    if (isInShare(BUMPING, count)) {
      await this.#send('POST', '/auth/bump', token);
    }
    if (isInShare(LOGGING_OUT, count)) {
      await this.#send('POST', '/auth/logout', token);
      this.logOuts += 1;
    }
  }

  async #send(method, path, headers) {
    const response = await send(method, this.#url + path, headers);
    if (response.status !== 200) {
      this.unexpected.set(response.status, (this.unexpected.get(response.status) ?? 0) + 1);
    }
    return response;
  }
}

const isInShare = (part, count) => count % Math.round(1 / part) === 0;

/** Uses a new connection for each request, because idle ones would distort the number of descriptors. */
function send(method, url, headers) {
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', () => resolve({ status: 0, text: '' }));
    sent.end();
  });
}
