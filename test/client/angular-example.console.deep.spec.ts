import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { type BrowserContext, type Page } from 'playwright-core';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';

const EXAMPLE = 'examples/angular/main.ts';

/** Response that replaces that of the API. */
let override: { status: number; headers: Record<string, string> } | undefined;
let script: string;
let browser: ConsoleBrowser;
let asAdmin: Headers;

/** Page and API of the example, on another origin than Latchkey. */
const service = createServer((request, response) => {
  void respond(request, response);
});

async function respond({ url, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url === '/main.js') {
    response.setHeader('Content-Type', 'text/javascript').end(script);
  } else if (url === '/orders') {
    const token = { 'X-Auth-Token': String(headers['x-auth-token'] ?? '') };
    const verify = `${server.client.baseUrl}/auth/verify?permission=orders:read`;
    const { status } = override ?? (await fetch(verify, { headers: token }));
    response.writeHead(status, override?.headers).end('[1, 2]');
  } else {
    const page = await readFile('examples/angular/index.html', 'utf8');
    const main = '<script type="module" src="/main.js"></script>';
    response.setHeader('Content-Type', 'text/html').end(page.replace('</body>', `${main}</body>`));
  }
}

let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});

const server = useServerProcess({
  get LATCHKEY_CORS_ORIGINS() {
    return origin;
  },
});
beforeAll(async () => {
  const { client } = server;
  const code = await readFile(EXAMPLE, 'utf8');
  const { outputFiles } = await build({
    stdin: {
      // Compiles the component in the browser, which is faster than Angular's own build.
      contents: `import '@angular/compiler';\n${code.replace('http://127.0.0.1:3000', client.baseUrl)}`,
      resolveDir: 'examples/angular',
      loader: 'ts',
    },
    ...{ bundle: true, format: 'esm', platform: 'browser', write: false, tsconfig: 'tsconfig.base.json' },
  });
  script = outputFiles[0]?.text ?? '';
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const orders = { name: 'orders', permissions: [{ name: 'orders:read', description: 'Read orders.' }] };
  await client.createApi(orders, asAdmin);
  await client.createRole({ name: 'sales', permissions: ['orders:read'] }, asAdmin);
  browser = await ConsoleBrowser.launch(origin);
});

afterAll(async () => {
  await browser.close();
  service.close();
});

/** Creates a user who may read orders. */
async function newReader(): Promise<string> {
  const user = newUser({ roles: ['sales'] });
  await server.client.createUser(user, asAdmin);
  return user.name;
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function readOrders(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Read orders' }).click();
  const status = page.getByRole('status').getByText(/\w/);
  await status.waitFor();
  return status.innerText();
}

describe('examples/angular', () => {
  let context: BrowserContext;
  let page: Page;
  let name: string;

  async function openTab(): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto('/');
    // The client bumps a new session at once. Later, the bump would notice that a test has revoked it.
    const bump = tab.waitForResponse((response) => response.url().endsWith('/auth/bump'));
    await signIn(tab, name, PASSWORD);
    await tab.getByText(`Signed in as ${name}.`).waitFor();
    await bump;
    return tab;
  }

  beforeEach(async () => {
    override = undefined;
    name = await newReader();
    context = await browser.context();
    page = await openTab();
  });

  afterEach(() => context.close());

  it('calls the API with the token before and after a reload', async () => {
    const before = await readOrders(page);
    await page.reload();
    await page.getByText(`Signed in as ${name}.`).waitFor();

    expect([before, await readOrders(page)]).toEqual(['2 orders', '2 orders']);
  });

  it('shows the reason when the session was revoked', async () => {
    await server.client.revokeUserTokens(name, asAdmin);
    await page.getByRole('button', { name: 'Read orders' }).click();

    await page.getByText('session-ended').waitFor();
  });

  it('stays signed in when the API rejects the request for another reason', async () => {
    override = { status: 401, headers: {} };

    expect(await readOrders(page)).toBe('The API returned 401.');
    await page.getByText(`Signed in as ${name}.`).waitFor();
  });

  it('does not follow a redirect, which would send the token to another server', async () => {
    const requests: string[] = [];
    const elsewhere = createServer(({ method = '' }, response) => {
      requests.push(method);
      response
        .setHeader('Access-Control-Allow-Origin', origin)
        .setHeader('Access-Control-Allow-Headers', '*')
        .end('[]');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    override = { status: 302, headers: { Location: `http://127.0.0.1:${port}/` } };

    expect(await readOrders(page)).toBe('The API returned 0.');
    expect(requests).toEqual([]);
    elsewhere.close();
  });

  it('signs out all tabs, and reports a wrong password', async () => {
    const other = await openTab();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await other.getByText('signed-out-elsewhere').waitFor();
    await signIn(other, name, 'wrong');
    await other.getByRole('status').getByText(/\w/).waitFor();

    const { body } = await server.client.tokens(asAdmin, `?user=${name}`);
    expect(body.total).toBe(0);
  });

  it('has the code in the guide', async () => {
    const [providers = ''] = codeOnPage('guides/use-the-client.md', 'ts');

    expect(providers).toContain('provideLatchkey');
    expect(await readFile(EXAMPLE, 'utf8')).toContain(providers);
  });
});
