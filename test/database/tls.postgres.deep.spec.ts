import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { CommandLine } from '../support/command-line.js';
import { startPrivateCluster } from '../support/database/postgres-cluster.mjs';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

/** Connections of the cluster that use TLS, and those that do not. */
const CONNECTIONS = `SELECT ssl, count(*)::integer FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
  WHERE application_name LIKE 'latchkey%' GROUP BY ssl`;

let folder: string;
/** Certificate of the cluster for `localhost`, which no known authority signed. */
let certificate: string;
let cluster: Awaited<ReturnType<typeof startPrivateCluster>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-tls-'));
  certificate = join(folder, 'ca.pem');
  cluster = await startPrivateCluster();
  const [{ data_directory: data }] = (await query('SHOW data_directory')) as [{ data_directory: string }];
  const files = ['server.key', 'server.crt'].map((name) => join(data, name)) as [string, string];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', files[0], '-out', files[1], ...subject],
    { stdio: 'ignore' },
  );
  copyFileSync(files[1], certificate);
  const { uid, gid } = statSync(data);
  files.forEach((file) => chownSync(file, uid, gid));
  await query('ALTER SYSTEM SET ssl = on');
  await query('SELECT pg_reload_conf()');
  await waitUntil(
    () => query('SHOW ssl'),
    ([row]) => row?.['ssl'] === 'on',
  );
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(cluster.url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const urlOf = (host: string, parameters: string) => cluster.url.replace('127.0.0.1', host) + parameters;

/** Returns the parameters that the page recommends, with the certificate of this cluster. */
function recommended(): string {
  const [example = ''] = codeOnPage('operations/replicas.md', 'text');
  const { searchParams } = new URL(example);
  searchParams.set('sslrootcert', certificate);
  return `?${searchParams.toString()}`;
}

/** Starts a server and counts its connections. */
async function connectionsOf(parameters: string) {
  const url = urlOf('localhost', parameters);
  const server = await ServerProcess.start(serverIn(folder, { DATABASE_URL: url }));
  try {
    return await query(CONNECTIONS);
  } finally {
    await server.stop();
  }
}

describe('DATABASE_URL of a PostgreSQL with TLS', () => {
  it('encrypts all connections with the parameters in docs/operations/replicas.md', async () => {
    const connections = await connectionsOf(recommended());

    expect(connections).toEqual([{ ssl: true, count: expect.any(Number) }]);
    // The pool, and the listener.
    expect(connections[0]?.['count']).toBeGreaterThan(1);
  });

  it('encrypts nothing without sslmode', async () => {
    expect(await connectionsOf('')).toEqual([{ ssl: false, count: expect.any(Number) }]);
  });

  it('encrypts without a check with sslmode=no-verify', async () => {
    expect(await connectionsOf('?sslmode=no-verify')).toEqual([{ ssl: true, count: expect.any(Number) }]);
  });

  it.each([
    ['an unknown authority', 'localhost', () => '?sslmode=verify-full', /self-signed certificate/],
    ['an unknown authority and sslmode=require', 'localhost', () => '?sslmode=require', /self-signed/],
    ['another host name', '127.0.0.1', recommended, /IP: 127\.0\.0\.1 is not in the cert/],
    ['a missing file', 'localhost', () => '?sslrootcert=/none.pem', /no such file.*none\.pem/],
  ])('is rejected with %s', async (_, host, parameters, reason) => {
    const url = urlOf(host, parameters());
    const commands = new CommandLine(serverIn(folder, { DATABASE_URL: url }), folder);

    const { code, errors } = await commands.run(['config', 'check']);

    expect(code).toBe(1);
    expect(errors).toMatch(reason);
  });
});
