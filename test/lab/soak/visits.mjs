// People who come at a fixed rate: each logs in, is verified, most bump, some log out. Nobody waits for those before them.
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Parts of all visits. */
const BUMPING = 0.5;
const LOGGING_OUT = 0.1;
const VERIFICATIONS = 2;

/** What becomes of visits: how many came to log in, how many logged out, and answers by status that nobody wants. */
export class Visits {
  logIns = 0;
  logOuts = 0;
  unwanted = new Map();
  #url;
  #credentials;
  #underWay = new Set();

  constructor(url, credentials) {
    this.#url = url;
    this.#credentials = credentials;
  }

  /** Lets visitors come so often, until a time of `performance.now()`, and waits for the last one to be gone. */
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
    const logIn = await this.#ask('POST', '/auth/login', { ...this.#credentials, Accept: 'text/plain' });
    if (logIn.status !== 200) {
      return;
    }
    const token = { 'X-Auth-Token': logIn.text };
    for (let verification = 0; verification < VERIFICATIONS; verification += 1) {
      await this.#ask('GET', '/auth/verify', token);
    }
    if (isAmong(BUMPING, count)) {
      await this.#ask('POST', '/auth/bump', token);
    }
    if (isAmong(LOGGING_OUT, count)) {
      await this.#ask('POST', '/auth/logout', token);
      this.logOuts += 1;
    }
  }

  async #ask(method, path, headers) {
    const answer = await ask(method, this.#url + path, headers);
    if (answer.status !== 200) {
      this.unwanted.set(answer.status, (this.unwanted.get(answer.status) ?? 0) + 1);
    }
    return answer;
  }
}

const isAmong = (part, count) => count % Math.round(1 / part) === 0;

/** Each request has a connection of its own: ones that are kept would come and go among the descriptors that are counted. */
function ask(method, url, headers) {
  return new Promise((resolve) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    asked.on('error', () => resolve({ status: 0, text: '' }));
    asked.end();
  });
}
