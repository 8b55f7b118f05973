import { afterAll, beforeAll, expect } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { type ApiClient, type Headers } from '../api-client.js';
import { ADMIN, newUser, PASSWORD } from '../factories.js';
import { type TestDatabase } from '../test-database.js';
import { TestServer } from '../test-server.js';
import { type RunningServer } from '../use-server.js';
import { ConsoleBrowser, type ContextOptions } from './console-browser.js';

/** Server with the built console and a browser, for the tests of one file. */
export interface ServedConsole extends RunningServer {
  readonly browser: ConsoleBrowser;
  /** Opens a path in a new context, with the session of a user of the factories or of the administrator. */
  signedIn(name: string, path: string, options?: ContextOptions): Promise<Page>;
  stopServer(): Promise<void>;
  /** Starts the server again with the same data and port. */
  startServer(): Promise<void>;
}

/** Server with the built console, a browser and a page. */
export interface RunningConsole extends ServedConsole {
  /** Signed in as the first administrator. */
  readonly page: Page;
}

/**
 * Starts a server and connects to the browser before the tests of a file. After them, checks that no page
 * caused a violation of the Content-Security-Policy, an exception or a request to another host.
 *
 * @param prepare creates the data that the pages show.
 * @param environment further variables of the server.
 */
export function useServedConsole(
  prepare?: (client: ApiClient, headers: Headers) => unknown,
  environment: Record<string, string | undefined> = {},
): ServedConsole {
  let database: TestDatabase | undefined;
  let port: number | undefined;
  let server: TestServer;
  let browser: ConsoleBrowser | undefined;

  const startServer = async () => {
    server = await TestServer.start({ environment, database, port });
    database = server.database;
    port = Number(new URL(server.client.baseUrl).port);
  };

  beforeAll(async () => {
    await startServer();
    await prepare?.(server.client, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
    browser = await ConsoleBrowser.launch(server.client.baseUrl);
  });

  afterAll(async () => {
    try {
      await browser?.close();
    } finally {
      await server.remove();
    }
    expect(browser?.misbehavior ?? []).toEqual([]);
  });

  return {
    get app() {
      return server.app;
    },
    get client() {
      return server.client;
    },
    get database() {
      return server.database;
    },
    get log() {
      return server.log;
    },
    get routes() {
      return server.routes;
    },
    get browser() {
      return browser!;
    },
    signedIn: async (name, path, options) => {
      const context = await browser!.context(options);
      const password = name === ADMIN.name ? ADMIN.password : PASSWORD;
      const { body } = await server.client.login(name, password, { body: { note: BROWSER } });
      await context.addCookies([{ ...SESSION_COOKIE, value: body.token ?? '' }]);
      const page = await context.newPage();
      await page.goto(path);
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      return page;
    },
    stopServer: () => server.stop(),
    startServer,
  };
}

/** Like {@link useServedConsole}, with a page that is signed in as the first administrator. */
export function useConsole(...setup: Parameters<typeof useServedConsole>): RunningConsole {
  const served = useServedConsole(...setup);
  let page: Page;

  beforeAll(async () => {
    page = await served.signedIn(ADMIN.name, '/admin/');
  });

  return Object.defineProperty(served, 'page', { get: () => page }) as RunningConsole;
}

/** Session cookie without its value. */
const SESSION_COOKIE = {
  name: '__Host-latchkey',
  domain: '127.0.0.1',
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'Strict',
} as const;

/** Note of a session, as from the sign-in page. */
const BROWSER = 'Chrome, Linux';

/** Signs in with the form. */
export async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
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
