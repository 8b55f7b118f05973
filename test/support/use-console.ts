import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type ApiClient, type Headers } from './api-client.js';
import { ConsoleBrowser } from './console-browser.js';
import { ADMIN } from './factories.js';
import { serverIn, ServerProcess } from './server-process.js';

/** A built server with a browser that looks at its console, while the tests of a file run. */
export interface ConsoleInUse {
  readonly browser: ConsoleBrowser;
  /** Signed in as the first administrator. */
  readonly page: Page;
}

/**
 * Starts a server and a browser before the tests of the file, and ends both after them.
 *
 * @param prepare makes what the pages are to show, before anybody looks.
 */
export function useConsole(prepare: (client: ApiClient, headers: Headers) => Promise<void>): ConsoleInUse {
  let folder: string;
  let server: ServerProcess;
  let browser: ConsoleBrowser;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-console-'));
    server = await ServerProcess.start(serverIn(folder));
    await prepare(server.client, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
    browser = await ConsoleBrowser.launch(server.client.baseUrl);
    page = await browser.open('/admin/sign-in');
    await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
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
  };
}
