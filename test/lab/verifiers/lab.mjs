// Two servers on PostgreSQL, and services that verify tokens with the client library of this repository.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildExample } from '../../support/build-example.mjs';
import { startPrivateCluster } from '../../support/database/postgres-cluster.mjs';
import { freePort } from '../../support/free-port.mjs';
import { StallingProxy } from '../../support/stalling-proxy.mjs';
import { CREDENTIALS, startLatchkey, stop } from '../bench/server.mjs';

/** Time from the commit of a revocation to `effectiveBy`. */
export const LEASE_MILLISECONDS = 2_000;

/** Replicas and their administrator. */
export class Lab {
  /** Processes of the services. */
  children = [];

  static async start() {
    const lab = new Lab();
    process.on('exit', () => lab.children.forEach((child) => child.kill('SIGKILL')));
    lab.cluster = await startPrivateCluster();
    lab.replicas = [await lab.startReplica(), await lab.startReplica()];
    const [{ url }] = lab.replicas;
    const login = await fetch(`${url}/auth/login`, { method: 'POST', headers: CREDENTIALS });
    lab.asAdmin = headersOf(await login.json());
    await lab.call(url, 'POST', '/roles', { name: 'verifier', permissions: ['tokens:introspect'] });
    lab.own = await lab.createToken(['verifier']);
    return lab;
  }

  /** Starts a replica with a proxy of the database. */
  async startReplica(environment = {}) {
    const database = await StallingProxy.open(this.cluster.url);
    return { ...(await startLatchkey({ DATABASE_URL: database.url, ...environment })), database };
  }

  /**
   * Promotes a copy of the database. Returns the old database, which is read-only but keeps its connections.
   */
  async failOver() {
    const old = this.cluster;
    await old.makeReadOnly();
    this.cluster = await startPrivateCluster({ copyOf: old });
    this.replicas.forEach(({ database }) => database.switchTo(this.cluster.url));
    return old;
  }

  async stop() {
    await Promise.all(this.replicas.map(stop));
    await this.cluster.stop();
  }

  /** Creates a user with roles and returns an API token. */
  async createToken(roles = [], { url } = this.replicas[0]) {
    const name = `user-${Math.random().toString(36).slice(2)}`;
    await this.call(url, 'POST', '/users', { name, roles });
    return (await this.call(url, 'POST', `/users/${name}/tokens`, {})).json();
  }

  /**
   * Revokes a token and returns the time from which it must be rejected everywhere, on the clock of this
   * machine.
   */
  async revoke({ id }, { url } = this.replicas[0]) {
    const { status, headers } = await this.call(url, 'DELETE', `/tokens/${id}`);
    return status === 404 ? Date.now() + LEASE_MILLISECONDS : Date.parse(headers.get('x-auth-effective-by'));
  }

  /** Sends a request of the administrator, again while servers or their connections are not available. */
  async call(url, method, path, body, attempts = 300) {
    const response = await fetch(url + path, {
      method,
      headers: { ...this.asAdmin, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if ((response?.status ?? 503) === 503 && attempts > 1) {
      await pause(1_000);
      return this.call(url, method, path, body, attempts - 1);
    }
    // The previous attempt may have succeeded although its response was lost.
    if (!response?.ok && ![404, 409].includes(response?.status)) {
      throw new Error(`${method} ${path} returned ${response?.status}: ${await response?.text()}`);
    }
    return response;
  }

  /** Starts an example that verifies tokens and waits until it may answer from memory. */
  async startService(name, latchkeyUrl, environment = {}) {
    const { folder, program, script, environment: own } = await buildExample(name);
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, this.own.token);
    const port = await freePort();
    const child = spawn(program, [script], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        AUTH_URL: latchkeyUrl,
        AUTH_TOKEN: this.own.token,
        ...own,
        AUTH_TOKEN_FILE: tokenFile,
        ...environment,
      },
      // Those in Python log each request.
      stdio: ['ignore', 'ignore', script.endsWith('.py') ? 'ignore' : 'inherit'],
    });
    this.children.push(child);
    const service = { name, url: `http://127.0.0.1:${port}`, child, folder };
    while (!(await isFresh(service))) {
      await pause(50);
    }
    return service;
  }
}

/** Returns the state of the verifier of a service. */
export async function healthOf({ url }) {
  return (await fetch(`${url}/health`)).json();
}

/** Whether a service may answer from memory. */
export function isFresh(service) {
  return healthOf(service).then(
    ({ fresh }) => fresh,
    () => false,
  );
}

/** Sends a request to a service, by default to `/hello`. Returns the status. */
export async function statusOf({ url, path = '/hello' }, token) {
  const response = await fetch(url + path, { headers: headersOf(token) });
  await response.arrayBuffer();
  return response.status;
}

export async function stopService({ child, folder }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
  rmSync(folder, { recursive: true });
}

export function percentiles(values) {
  const sorted = values.sort((one, other) => one - other);
  const at = (share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}

function headersOf({ user, token }) {
  return { 'X-Auth-Token': Buffer.from(`${user}:${token}`).toString('base64') };
}
