// Takes a picture of every screen of the console, in both themes and two widths, into docs/screenshots.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumLaunchOptions } from '../support/chromium.mjs';

const FOLDER = 'docs/screenshots';
const WIDTHS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const ADMIN = { name: 'anna.berg', password: 'a password for pictures' };
const PEOPLE = [
  ['bela.kovacs', 'Béla Kovács', 'bela@example.org', ['auditor']],
  ['billing-export', null, null, ['user'], 'service'],
  ['chidi', 'Chidi Okafor', 'chidi.okafor@example.org', ['user']],
  ['deploy-bot', null, null, ['user'], 'service'],
  ['elif', 'Elif Yıldız', 'elif.yildiz@example.org', ['admin']],
  [
    'ferdinand.hohenstaufen-wolkenstein',
    'Ferdinand von Hohenstaufen-Wolkenstein',
    'ferdinand@example.org',
    ['user'],
  ],
  ['grafana', 'Dashboards', null, ['auditor'], 'service'],
  ['hana', 'Hana Suzuki', 'hana@example.org', ['user'], 'human', false],
  ['ines', 'Inês Carvalho', 'ines.carvalho@example.org', ['user', 'auditor']],
  ['暗号', '鍵山 暗号', 'angou@example.org', ['user']],
  ['jonas', 'Jonas Lindqvist', 'jonas.lindqvist@example.org', ['user']],
];

const folder = mkdtempSync(join(tmpdir(), 'latchkey-screenshots-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const server = spawn(process.execPath, ['dist/apps/api/src/main.js'], {
  env: {
    PATH: process.env.PATH,
    PORT: String(port),
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_ADMIN_NAME: ADMIN.name,
    LATCHKEY_ADMIN_PASSWORD: ADMIN.password,
    LATCHKEY_LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const browser = await chromium.launch(await chromiumLaunchOptions());
try {
  await ready();
  await fill();
  mkdirSync(FOLDER, { recursive: true });
  for (const viewport of WIDTHS) {
    for (const colorScheme of ['light', 'dark']) {
      await takeAll(viewport, colorScheme);
    }
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

async function takeAll(viewport, colorScheme) {
  const context = await browser.newContext({ baseURL: url, viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const take = async (screen) => {
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(400);
    const path = `${FOLDER}/${screen}-${viewport.width}-${colorScheme}.png`;
    await page.screenshot({ path });
    console.log(path);
  };

  await page.goto('/admin/set-up#AAAAAAAAAAAAAAAAAAAAAA');
  await take('set-up');
  await page.goto('/admin/sign-in');
  await take('sign-in');
  await page.getByLabel('Name', { exact: true }).fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Tokens to look at' }).waitFor();
  await take('home');
  await page.goto('/admin/users');
  await take('users');
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Karl');
  await take('new-user');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.goto('/admin/users?q=nobody');
  await take('users-no-match');
  await page.goto('/admin/tokens');
  await take('tokens');
  await page
    .getByRole('button', { name: /^Account of/ })
    .first()
    .click();
  await take('account-menu');
  await context.close();
}

async function fill() {
  for (const agent of ['curl/8.14.1', 'nightly backup', 'python-requests/2.32.5']) {
    await call('/auth/login', { Authorization: basic(), 'User-Agent': agent });
  }
  const { user, token } = await call('/auth/login', { Authorization: basic() });
  const headers = { 'X-Auth-Token': Buffer.from(`${user}:${token}`).toString('base64') };
  for (const [name, displayName, email, roles, kind = 'human', enabled = true] of PEOPLE) {
    const person = {
      name,
      roles,
      kind,
      enabled,
      ...(displayName && { displayName }),
      ...(email && { email }),
    };
    await call('/users', headers, person);
  }
}

function basic() {
  return `Basic ${Buffer.from(`${ADMIN.name}:${ADMIN.password}`).toString('base64')}`;
}

async function call(path, headers, body) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}

async function ready() {
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
