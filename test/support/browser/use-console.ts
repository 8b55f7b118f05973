import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { type ApiClient, type Headers } from '../api-client.js';
import { ConsoleBrowser } from './console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../factories.js';
import { freePort } from '../free-port.mjs';
import { type Environment, serverIn, ServerProcess } from '../server-process.js';

/** Built server with a browser, for the tests of one file. */
export interface RunningConsole {
  readonly browser: ConsoleBrowser;
  /** Signed in as the first administrator. */
  readonly page: Page;
  /** Signs in as a user of the factories in a new context and opens a path. */
  signedIn(name: string, path: string): Promise<Page>;
  stopServer(): Promise<void>;
  /** Starts the server again with the same data and port. */
  startServer(): Promise<void>;
}

/**
 * Starts a server and a browser before the tests of a file and stops both after them. Then checks that no
 * page caused a violation of the Content-Security-Policy, an exception or a request to another host.
 *
 * @param prepare creates the data that the pages show.
 * @param environment further variables of the server.
 */
export function useConsole(
  prepare: (client: ApiClient, headers: Headers) => Promise<void>,
  environment: Environment = {},
): RunningConsole {
  let folder: string;
  let port: number;
  let server: ServerProcess;
  let browser: ConsoleBrowser;
  let page: Page;

  const startServer = async () => {
    server = await ServerProcess.start(serverIn(folder, environment), port);
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
    expect(browser.misbehaviour).toEqual([]);
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

/** Creates the users `names`, whom a test may change, and the auditor `reader`. */
export async function createUsers(names: readonly string[], api: ApiClient, asAdmin: Headers): Promise<void> {
  for (const name of names) {
    await api.createUser(newUser({ name, roles: ['user'] }), asAdmin);
  }
  await api.createUser(newUser({ name: 'reader', roles: ['auditor'] }), asAdmin);
}

/** Creates the role `helpers`, the user `sample`, and a token of this user, which it returns. */
export async function createSampleData(client: ApiClient, headers: Headers): Promise<UserTokenDto> {
  await client.createRole({ name: 'helpers', permissions: ['users:read'] }, headers);
  await client.createUser(newUser({ name: 'sample', roles: ['user'] }), headers);
  return (await client.createUserToken('sample', headers, { note: 'nightly backup' })).body;
}
