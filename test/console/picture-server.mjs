// Server for the screenshots, and the client that fills it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../support/free-port.mjs';

export const ADMIN = { name: 'anna.berg', password: 'a password for pictures' };

export const DAY = 86_400_000;
/** Log in again before the session expires. */
const SESSION_AGE_MAX = 6 * DAY;

/** Server with its data in one folder and a clock that can be set. */
export class PictureServer {
  shift = 0;
  sessions = new Map();

  /** Starts it with a clock `daysAgo` days behind. */
  static async start(folder, daysAgo = 0) {
    const server = new PictureServer();
    const port = await freePort();
    server.url = `http://127.0.0.1:${port}`;
    server.shift = -daysAgo * DAY;
    const clock = ['--import', './test/console/shifted-clock.mjs'];
    const main = ['--require', './apps/api/bin/prepare-process.cjs', 'dist/apps/api/bundle/main.js'];
    server.child = spawn(process.execPath, [...clock, ...main], {
      env: {
        PATH: process.env.PATH,
        CLOCK_SHIFT: String(server.shift),
        PORT: String(port),
        DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
        LATCHKEY_ADMIN_NAME: ADMIN.name,
        LATCHKEY_ADMIN_PASSWORD: ADMIN.password,
        LATCHKEY_API_TOKEN_NO_EXPIRY: 'true',
        // The simulation moves the clock by days within a session.
        LATCHKEY_FRESH_SECONDS: '31622400',
        LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
        LATCHKEY_LOG_LEVEL: 'warn',
        LATCHKEY_EVENT_HOSTS: '127.0.0.1',
        // No mail server listens there.
        LATCHKEY_SMTP_URL: 'smtp://127.0.0.1:1',
        LATCHKEY_MAIL_FROM: 'Latchkey <latchkey@example.org>',
        LATCHKEY_PUBLIC_URL: 'https://auth.example.org',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await server.ready();
    return server;
  }

  async stop() {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  now() {
    return Date.now() + this.shift;
  }

  async setClock(shift) {
    this.shift = shift;
    const confirmation = once(this.child, 'message');
    this.child.send(shift);
    await confirmation;
  }

  /** Logs a user in, after a logout from the former session. */
  async logIn({ name, address, agent, browser }) {
    const former = this.sessions.get(name);
    if (former && this.now() - former.time < SESSION_AGE_MAX) {
      await this.call('POST', '/auth/logout', former.headers);
    }
    const from = { 'X-Forwarded-For': address, 'User-Agent': agent };
    const headers = { ...basic(name, ADMIN.password), ...from };
    const token = await this.call('POST', '/auth/login', headers, { note: `Console, ${browser}` });
    const session = { time: this.now(), headers: { ...headersOf(token), ...from } };
    this.sessions.set(name, session);
    await this.call('GET', '/me', session.headers);
  }

  /** Returns the headers of a user's session, which it starts if necessary. */
  async as(person) {
    const session = this.sessions.get(person.name);
    if (!session || this.now() - session.time >= SESSION_AGE_MAX) {
      await this.logIn(person);
    }
    return this.sessions.get(person.name).headers;
  }

  /** Logs in with a wrong password and returns the status. */
  async failToLogIn(name, address) {
    const headers = { ...basic(name, 'a wrong password'), 'X-Forwarded-For': address };
    const { status } = await fetch(`${this.url}/auth/login`, { method: 'POST', headers });
    return status;
  }

  async call(method, path, headers, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} returned ${response.status}: ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  async ready() {
    for (let attempts = 0; attempts < 200; attempts += 1) {
      const isReady = await fetch(`${this.url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('The server did not start');
  }
}

/** Returns the headers with a token. */
export function headersOf({ user, token }) {
  return { 'X-Auth-Token': Buffer.from(`${user}:${token}`).toString('base64') };
}

function basic(name, password) {
  return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
