import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { codeOnPage } from '../support/docs/code-on-page.js';
import {
  deployedNginx,
  describeIfInstalled,
  NGINX_MISSING,
  type ExternalProgram,
  startNginx,
} from '../support/external-programs.js';

const PROTO_LINE = 'proxy_set_header X-Forwarded-Proto $scheme;';
/** `X-Forwarded-For` of the TLS proxy: a forged address, then the client's. */
const FORWARDED = '203.0.113.7, 198.51.100.1';

let replica: Server;
let nginx: ExternalProgram;

beforeEach(async () => {
  replica = createServer(({ headers }, response) => {
    response.end(`${String(headers['x-forwarded-for'])} by ${String(headers['x-forwarded-proto'])}`);
  });
  await once(replica.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  await nginx.stop();
  replica.close();
});

async function start(edit: (delivered: string) => string): Promise<void> {
  const authority = `127.0.0.1:${(replica.address() as AddressInfo).port}`;
  const delivered = readFileSync('deploy/nginx.conf', 'utf8');
  nginx = await startNginx(deployedNginx([authority, authority], edit(delivered)));
}

/** Returns the client address and scheme that a replica gets for a request from a loopback address. */
async function seenFrom(localAddress: string): Promise<string> {
  const sent = request(nginx.baseUrl, { localAddress, headers: { 'X-Forwarded-For': FORWARDED } }).end();
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  return text(response as AsyncIterable<Uint8Array> & NodeJS.ReadableStream);
}

describeIfInstalled(NGINX_MISSING, 'nginx behind a proxy with TLS', () => {
  it('trusts no proxy by default', async () => {
    await start((delivered) => delivered);

    expect(await seenFrom('127.0.0.1')).toBe('127.0.0.1 by http');
  });

  it('trusts only the configured proxy with the lines of docs/operations/containers.md', async () => {
    const [lines = ''] = codeOnPage('operations/containers.md', 'nginx');
    await start((delivered) => delivered.replace(PROTO_LINE, lines.replace('172.28.0.1;', '127.0.0.1;')));

    expect(await seenFrom('127.0.0.1')).toBe('198.51.100.1 by https');
    expect(await seenFrom('127.0.0.2')).toBe('127.0.0.2 by https');
  });
});
