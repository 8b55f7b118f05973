import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOnPage } from '../support/docs/code-on-page.js';

/** Responses of a server whose database is unreachable. */
const STATUSES: Record<string, number> = { '/health/live': 200, '/health/ready': 503 };

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer(({ url = '' }, response) => {
    response.writeHead(STATUSES[url] ?? 404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  server.close();
});

async function exitOfHealthCheck(): Promise<unknown> {
  const [, json = ''] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
  const [, ...words] = JSON.parse(json) as string[];
  const child = spawn(process.execPath, words, { env: { PORT: String(port) }, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describe('the health check of the image', () => {
  it('passes while the database is unreachable, because a restart would not help', async () => {
    expect(await exitOfHealthCheck()).toBe(0);
  });

  it('fails when the server does not respond', async () => {
    server.close();

    expect(await exitOfHealthCheck()).toBe(1);
  });
});

describe('the labels of the image', () => {
  it('name the licence of the package', () => {
    const { license } = JSON.parse(readFileSync('package.json', 'utf8')) as { license: string };

    expect(readFileSync('Dockerfile', 'utf8')).toContain(`org.opencontainers.image.licenses="${license}"`);
  });
});

describe('the base of the image', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');

  it('has an exact version and a digest, which a build can replace', () => {
    expect(dockerfile).toMatch(/^ARG BASE=node:\d+\.\d+\.\d+-[a-z-]+@sha256:[0-9a-f]{64}$/m);
    expect(dockerfile.match(/^FROM .*$/gm)).toEqual(['FROM ${BASE}']);
  });

  it('gets the dependencies from the lock file, with the commands of the documentation', () => {
    const [commands = ''] = codeOnPage('operations/supply-chain.md', 'sh').filter((code) =>
      code.startsWith('tar '),
    );
    const [extract = '', install = ''] = commands.trim().split('\n').slice(-2);

    expect(dockerfile).toContain(` && ${extract.replace('latchkey-*.tgz', '"$1"')} \\\n`);
    expect(dockerfile).toContain(` && ${install} --no-audit --no-fund \\\n`);
    expect(dockerfile.match(/npm install/g)).toBeNull();
  });
});
