import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServerProcess } from '../support/server-process.js';

const SCRIPT = readdirSync('dist/apps/admin/browser').find((name) => /^main-.*\.js$/.test(name)) ?? '';

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
  server = await ServerProcess.start({ DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}` });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Returns a file as sent on the wire for an Accept-Encoding header. */
async function encoded(
  path: string,
  acceptEncoding?: string,
): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpGet(`${server.client.baseUrl}${path}`, { headers }, resolve).on('error', reject);
  });
  return { answer, body: await buffer(answer) };
}

const get = (path: string) => server.client.request<unknown>('GET', path);

describe('GET /admin/*', () => {
  it('sends a lifetime of a year for a file with a hash in its name', async () => {
    const { status, headers } = await get(`/admin/${SCRIPT}`);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/javascript; charset=utf-8$/);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('sends a lifetime of an hour for a file without a hash', async () => {
    expect((await get('/admin/favicon.svg')).headers.get('cache-control')).toBe('public, max-age=3600');
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['identity', undefined, (body: Buffer) => body],
    [undefined, undefined, (body: Buffer) => body],
  ])('encodes a file according to Accept-Encoding: %s', async (accepted, encoding, decode) => {
    const { answer, body } = await encoded(`/admin/${SCRIPT}`, accepted);

    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toMatch(/\baccept-encoding\b/i);
    expect(answer.headers['content-type']).toMatch(/javascript; charset=utf-8$/);
    expect(answer.headers['content-length']).toBe(String(body.length));
    expect(decode(body).equals(readFileSync(`dist/apps/admin/browser/${SCRIPT}`))).toBe(true);
  });

  it('sends a different ETag for each encoding', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(
        async (encoding) => (await encoded(`/admin/${SCRIPT}`, encoding)).answer.headers.etag,
      ),
    );

    expect(new Set(tags).size).toBe(3);
  });

  it.each([
    `/admin/${SCRIPT}.br`,
    `/admin/${SCRIPT}.gz`,
    '/admin/main-AAAAAAAA.js',
    '/admin/nothing.png',
    '/admin/..%2f..%2f..%2fpackage.json',
  ])('returns 404 for %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

// Covers B50 in docs/explanation/security.md.
describe('the page of GET /admin/*', () => {
  it.each(['/admin/', '/admin/users', '/admin/users/anna.berg'])(
    'is served at %s and not cached',
    async (path) => {
      const { status, headers, text } = await get(path);

      expect(status).toBe(200);
      expect(text).toContain('<app-root');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    },
  );

  it('has a new nonce in the policy and the page for each request', async () => {
    const [first, second] = [await get('/admin/'), await get('/admin/')];
    const nonces = [first, second].map(
      ({ headers }) => /'nonce-([\w-]+)'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '',
    );

    expect(nonces[0]).not.toBe(nonces[1]);
    expect(first.text).toContain(`ngcspnonce="${nonces[0]}"`);
  });

  it('forbids inline scripts, plug-ins, base elements and frames, and requires Trusted Types', async () => {
    const policy = (await get('/admin/')).headers.get('content-security-policy') ?? '';

    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("object-src 'none'; base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
  });
});
