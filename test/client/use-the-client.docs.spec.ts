import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { useServer } from '../support/use-server.js';
import { codeOnPage } from '../support/docs/code-on-page.js';

const BLOCKS = codeOnPage('guides/use-the-client.md', 'js');
const run = promisify(execFile);

const server = useServer();
let folder: string;
let api: Server;
let asAdmin: Headers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-guide-'));
  api = createServer((request, response) => response.end(String(request.headers['x-auth-token'])));
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.createApi(
    { name: 'drafts', permissions: [{ name: 'drafts:read', description: 'Read drafts.' }] },
    asAdmin,
  );
  await server.client.createRole({ name: 'editor', permissions: ['drafts:read'] }, asAdmin);
  await server.client.createUser({ name: 'anna', password: PASSWORD, roles: ['editor'] }, asAdmin);
});

afterAll(() => {
  api.close();
  rmSync(folder, { recursive: true });
});

/** Runs the block that contains a text, against the server under test. Returns its output. */
async function runBlock(text: string, password: string): Promise<string> {
  const block = BLOCKS.find((code) => code.includes(text)) ?? '';
  const { port } = api.address() as AddressInfo;
  await build({
    stdin: {
      contents: block
        .replaceAll('http://127.0.0.1:3000', server.client.baseUrl)
        .replaceAll('http://127.0.0.1:8080', `http://127.0.0.1:${port}`),
      resolveDir: process.cwd(),
    },
    outfile: join(folder, 'block.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' },
    alias: { '@latchkey/client': './libs/client/src/index.ts' },
  });
  const options = { cwd: folder, env: { PATH: process.env.PATH, PASSWORD: password } };
  return (await run(process.execPath, ['block.mjs'], options)).stdout;
}

describe('the code of the client guide', () => {
  it('has the blocks below', () => {
    expect(BLOCKS).toHaveLength(5);
  });

  it('calls an API with the token of a session', async () => {
    const output = await runBlock('apiOrigins', PASSWORD);

    const [, header = ''] = /^200 (\S+)\n$/.exec(output) ?? [];
    expect(Buffer.from(header, 'base64').toString()).toMatch(/^anna:latchkey_/);
    expect((await server.client.me({ 'X-Auth-Token': header })).status).toBe(401);
  });

  it('stores a rotated secret', async () => {
    const { body } = await server.client.createMyToken(asAdmin);
    writeFileSync(join(folder, 'token.json'), JSON.stringify({ token: body.token }));

    await runBlock('rotate(', '');

    const { token } = JSON.parse(readFileSync(join(folder, 'token.json'), 'utf8')) as { token: string };
    expect(token).not.toBe(body.token);
    const { body: me } = await server.client.me(tokenHeader({ user: ADMIN.name, token }));
    expect(me.token?.isSuperseded).toBe(false);
  });

  it('lists and changes users', async () => {
    const output = await runBlock('listUsers', ADMIN.password);

    expect(output).toMatch(/^admin \d{4}-.*\nanna .*\n0 tokens expire soon\n$/);
    expect((await server.client.user('anna', asAdmin)).body.displayName).toBe('Anna');
  });

  it('prints an error', async () => {
    const output = await runBlock('createUser', ADMIN.password);

    expect(output).toMatch(/^validation_failed 422 .+\nThe server's log has more at \S+\n$/);
  });

  it('aborts a call', async () => {
    expect(await runBlock('AbortController', '')).toBe('The page was closed\n');
  });
});
