// Takes a picture of every screen of the console, in both themes and two widths, into docs/screenshots.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumLaunchOptions } from '../support/chromium.mjs';
import { ADMIN, PictureServer } from './picture-data.mjs';

const FOLDER = 'docs/screenshots';
const WIDTHS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

/** Screens behind the sign-in: a name, an address, and what is done there before the picture is taken. */
const SCREENS = (tokenId) => [
  ['home', '/'],
  ['users', '/users'],
  ['users-selected', '/users?kind=service', (page) => checkFirst(page, 2)],
  ['users-no-match', '/users?q=nobody'],
  ['new-user', '/users', (page) => openNewUser(page)],
  ['user', '/users/elif'],
  ['user-access', '/users/elif?tab=access'],
  ['tokens', '/tokens'],
  ['token', `/tokens/${tokenId}`],
  ['token-new', '/tokens/new?user=deploy-bot'],
  ['token-rotate', `/tokens/${tokenId}/rotate`],
  ['roles', '/roles'],
  ['role', '/roles/support'],
  ['audit', '/audit', (page) => openEntry(page)],
  ['settings', '/settings'],
  ['account', '/account'],
  [
    'account-menu',
    '/users',
    (page) =>
      page
        .getByRole('button', { name: /^Account of/ })
        .first()
        .click(),
  ],
  ['shortcuts', '/users', (page) => page.keyboard.press('?')],
];

const browser = await chromium.launch(await chromiumLaunchOptions());
mkdirSync(FOLDER, { recursive: true });
try {
  await withServer(async (server) => {
    await takeAll(server, 'en', [['welcome', '/']]);
  });
  await withServer(async (server) => {
    const tokenId = await server.fill();
    await takeAll(server, 'en', SCREENS(tokenId), [
      ['set-up', '/set-up#AAAAAAAAAAAAAAAAAAAAAA'],
      ['sign-in', '/sign-in'],
    ]);
    await takeAll(server, 'de', [['home-german', '/']]);
  });
} finally {
  await browser.close();
}

async function takeAll(server, locale, screens, screensBefore = []) {
  for (const viewport of WIDTHS) {
    for (const colorScheme of ['light', 'dark']) {
      const look = { viewport, colorScheme, locale, reducedMotion: 'reduce' };
      const context = await browser.newContext({ baseURL: server.url, ...look });
      const page = await context.newPage();
      for (const screen of screensBefore) {
        await take(page, look, screen);
      }
      await signIn(page);
      for (const screen of screens) {
        await take(page, look, screen);
      }
      await context.close();
    }
  }
}

async function take(page, { viewport, colorScheme }, [name, path, act]) {
  await page.goto(`/admin${path}`);
  await page.waitForLoadState('networkidle');
  await act?.(page);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(400);
  const file = `${FOLDER}/${name}-${viewport.width}-${colorScheme}.png`;
  await page.screenshot({ path: file });
  console.log(file);
}

async function signIn(page) {
  await page.goto('/admin/sign-in');
  await page.locator('input[autocomplete=username]').fill(ADMIN.name);
  await page.locator('input[autocomplete=current-password]').fill(ADMIN.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

async function checkFirst(page, count) {
  for (let index = 0; index < count; index += 1) {
    await page
      .getByRole('checkbox', { name: /^Select (?!all)/ })
      .nth(index)
      .check();
  }
}

async function openNewUser(page) {
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Karl');
}

async function openEntry(page) {
  const entry = page.getByRole('listitem').filter({ hasText: 'Changed a user' }).first();
  await entry.getByRole('button', { name: /^Details/ }).click();
}

/** Does something with a new server, and removes it. */
async function withServer(work) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-screenshots-'));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--require', './apps/api/thread-pool.cjs', 'dist/apps/api/bundle/main.js'],
    {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
        LATCHKEY_ADMIN_NAME: ADMIN.name,
        LATCHKEY_ADMIN_PASSWORD: ADMIN.password,
        LATCHKEY_API_TOKEN_NO_EXPIRY: 'true',
        LATCHKEY_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  try {
    const server = new PictureServer(`http://127.0.0.1:${port}`);
    await ready(server.url);
    await work(server);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ready(url) {
  for (let tries = 0; tries < 200; tries += 1) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server did not start');
}

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port: free } = listener.address();
  listener.close();
  return free;
}
