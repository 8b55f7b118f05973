import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type * as library from '@latchkey/client';
import { buildSync } from 'esbuild';
import { type Page } from 'playwright-core';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';

const { outputFiles } = buildSync({
  entryPoints: ['libs/client/src/index.ts'],
  ...{ bundle: true, format: 'iife', platform: 'browser', globalName: 'latchkey', write: false },
});
const script = outputFiles[0]?.text ?? '';

/** Application in the browser, on another origin than Latchkey. */
const pages = createServer((_, response) =>
  response.setHeader('Content-Type', 'text/html').end(`<!doctype html><script>${script}</script>`),
);
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
});

const server = useServerProcess({
  get LATCHKEY_CORS_ORIGINS() {
    return origin;
  },
});

declare const latchkey: typeof library;

describe('the client library in a browser', () => {
  let browser: ConsoleBrowser;
  let page: Page;

  beforeAll(async () => {
    browser = await ConsoleBrowser.launch(origin);
    page = await browser.open('/');
  });

  afterAll(async () => {
    await browser.close();
    pages.close();
  });

  const input = () => ({ url: server.client.baseUrl, ...ADMIN });

  it('logs in, bumps a stored session, reads all pages of a list and logs out', async () => {
    const seen = await page.evaluate(async ({ url, name, password }) => {
      const client = new latchkey.LatchkeyClient({ url });
      await client.logIn(name, password);
      const restored = new latchkey.LatchkeyClient({ url, credentials: client.credentials });
      const roles: string[] = [];
      for await (const role of new latchkey.Operations(restored).listRoles({ size: 1 })) {
        roles.push(role.name);
      }
      const headers = restored.headers();
      await restored.logOut();
      return { roles, headers, isLoggedOut: restored.credentials === undefined };
    }, input());

    expect(seen).toMatchObject({
      roles: expect.arrayContaining(['admin', 'user']),
      isLoggedOut: true,
    });
    expect((await server.client.me(seen.headers)).status).toBe(401);
  });

  it('changes a resource with its version, and reads an error with its code and trace id', async () => {
    const { version, error } = await page.evaluate(async ({ url, name, password }) => {
      const client = new latchkey.LatchkeyClient({ url });
      await client.logIn(name, password);
      const operations = new latchkey.Operations(client);
      const { version: old } = await operations.getMe();
      const { version } = await operations.updateMe({ displayName: 'Ada' }, { ifMatch: old });
      const { code, status, traceId } = await operations
        .updateMe({ displayName: 'Eve' }, { ifMatch: old })
        .then(
          () => Promise.reject(new Error('The change succeeded.')),
          (reason: unknown) => reason as library.LatchkeyError,
        );
      return { version: version - old, error: { code, status, traceId } };
    }, input());

    expect(version).toBe(1);
    expect(error).toEqual({ code: 'precondition_failed', status: 412, traceId: expect.any(String) });
  });

  it('knows the seconds after which it can try again', async () => {
    const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const { body } = await server.client.createMyToken(asAdmin, {
      rateLimit: { limit: 1, windowSeconds: 86_400 },
    });

    const retryAfter = await page.evaluate(
      async ({ url, token }) => {
        const client = new latchkey.LatchkeyClient({ url, credentials: { token } });
        const call = () => new latchkey.Operations(client).getMe();
        await call();
        return call().then(
          () => undefined,
          (error: unknown) => (error as library.LatchkeyError).retryAfter,
        );
      },
      { url: server.client.baseUrl, token: body.token ?? '' },
    );

    expect(retryAfter).toEqual(expect.any(Number));
  });
});
