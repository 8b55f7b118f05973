import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type ApiClient, type Headers } from './api-client.js';
import { ConsoleBrowser } from './console-browser.js';
import { ADMIN, PASSWORD } from './factories.js';
import { freePort } from './free-port.mjs';
import { serverIn, ServerProcess } from './server-process.js';

/** A built server with a browser that looks at its console, while the tests of a file run. */
export interface ConsoleInUse {
  readonly browser: ConsoleBrowser;
  /** Signed in as the first administrator. */
  readonly page: Page;
  /** Opens a page in a profile of its own, signed in as somebody whose password is that of the factories. */
  signedIn(name: string, path: string): Promise<Page>;
  stopServer(): Promise<void>;
  /** Starts the server again, with the data and at the address that it had. */
  startServer(): Promise<void>;
}

/**
 * Starts a server and a browser before the tests of the file, and ends both after them.
 *
 * @param prepare makes what the pages are to show, before anybody looks.
 */
export function useConsole(prepare: (client: ApiClient, headers: Headers) => Promise<void>): ConsoleInUse {
  let folder: string;
  let port: number;
  let server: ServerProcess;
  let browser: ConsoleBrowser;
  let page: Page;

  const startServer = async () => {
    server = await ServerProcess.start(serverIn(folder), port);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
    port = await freePort();
    await startServer();
    await prepare(server.client, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
    browser = await ConsoleBrowser.launch(server.client.baseUrl);
    page = await browser.open('/admin/sign-in');
    await signIn(page, ADMIN.name, ADMIN.password);
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    get browser() {
      return browser;
    },
    get page() {
      return page;
    },
    signedIn: async (name, path) => {
      const other = await browser.open(path);
      await signIn(other, name, PASSWORD);
      return other;
    },
    stopServer: async () => {
      await server.stop();
    },
    startServer,
  };
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}
