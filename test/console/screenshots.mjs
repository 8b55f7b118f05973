// Writes a screenshot of every screen of the console, in both themes and two widths, to docs/screenshots.
// With names of screens as arguments, of those only.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from '#sqlite';
import { chromium } from 'playwright-core';
import { chromiumLaunchOptions } from '../support/browser/chromium-options.mjs';
import { compact } from './compact-png.mjs';
import { ANNA, EVENT_TARGETS, FIRST_DAY } from './picture-data.mjs';
import { simulate } from './picture-history.mjs';
import { CROWDED, INSIDE, OUTSIDE, THROTTLED } from './picture-screens.mjs';
import { ADMIN, PictureServer } from './picture-server.mjs';

const FOLDER = 'docs/screenshots';
/** Maximum height of a screenshot. */
const HEIGHT_MAX = 2_100;
const LOOKS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
].flatMap((viewport) => ['light', 'dark'].map((colorScheme) => ({ viewport, colorScheme })));

const only = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), 'latchkey-screenshots-'));
const options = await chromiumLaunchOptions();
const browser = await chromium.launch({ ...options, env: { ...process.env, FONTCONFIG_FILE: makeFonts() } });
mkdirSync(FOLDER, { recursive: true });
if (only.length === 0) {
  readdirSync(FOLDER).forEach((file) => rmSync(join(FOLDER, file)));
}
try {
  const fresh = makeFolder('fresh');
  await withServer(fresh, () => undefined);
  const lived = makeFolder('lived');
  const tokenId = await withServer(lived, simulate, FIRST_DAY);
  renameReceivers(lived);
  const crowded = makeFolder('crowded');
  await withServer(crowded, () => undefined);
  crowd(crowded);
  for (const look of LOOKS) {
    await takeAll(fresh, look, { inside: [['welcome', '/']] });
    await takeAll(lived, look, { outside: OUTSIDE, inside: INSIDE(tokenId) });
    await takeAll(lived, look, { outside: THROTTLED, inside: [] });
    await takeAll(lived, { ...look, locale: 'de' }, { inside: [['home-german', '/']] });
    await takeAll(crowded, look, { inside: CROWDED });
  }
} finally {
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}

/**
 * Takes screenshots on a copy of the server's data, so that each theme and width starts from the same state.
 */
async function takeAll(folder, { viewport, ...look }, { outside = [], inside }) {
  const wanted = ([name]) => only.length === 0 || only.includes(name);
  if (![...outside, ...inside].some(wanted)) {
    return;
  }
  const copy = makeFolder('copy');
  cpSync(folder, copy, { recursive: true });
  await withServer(copy, async (server) => {
    const context = await browser.newContext({
      baseURL: server.url,
      viewport,
      locale: 'en',
      reducedMotion: 'reduce',
      extraHTTPHeaders: { 'X-Forwarded-For': ANNA.address },
      ...look,
    });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    for (const screen of outside.filter(wanted)) {
      await take(server, page, viewport, look, screen);
    }
    if (inside.some(wanted)) {
      await signIn(page);
    }
    for (const screen of inside.filter(wanted)) {
      await take(server, page, viewport, look, screen);
    }
    await context.close();
  });
}

async function take(server, page, viewport, { colorScheme }, [name, path, act]) {
  await page.goto(`/admin${path}`);
  await page.waitForLoadState('networkidle');
  await act?.(page, server);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(400);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const isCovered = (await page.locator('.cdk-overlay-backdrop').count()) > 0;
  if (!isCovered && height > viewport.height) {
    await page.setViewportSize({ ...viewport, height: Math.min(height, HEIGHT_MAX) });
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(200);
  }
  const file = `${FOLDER}/${name}-${viewport.width}-${colorScheme}.png`;
  writeFileSync(file, compact(await page.screenshot()));
  await page.setViewportSize(viewport);
  console.log(file);
}

async function signIn(page) {
  await page.goto('/admin/sign-in');
  await page.locator('input[autocomplete=username]').fill(ADMIN.name);
  await page.locator('input[autocomplete=current-password]').fill(ADMIN.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

async function withServer(folder, work, daysAgo = 0) {
  const server = await PictureServer.start(folder, daysAgo);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Replaces the URLs of event targets, which have the port of the receiver, in a stopped server. */
function renameReceivers(folder) {
  const database = new Database(join(folder, 'latchkey.sqlite'));
  const rename = database.prepare('UPDATE event_targets SET url = ? WHERE name = ?');
  EVENT_TARGETS.filter(({ url }) => url).forEach(({ name, url }) => rename.run(url, name));
  database.close();
}

/** Inserts 100,000 tokens of 2,000 users into the database of a stopped server. */
function crowd(folder) {
  const rows = readFileSync('test/support/many-tokens.sql', 'utf8')
    .replaceAll('{users}', '2000')
    .replaceAll('{tokens}', '100000')
    .replaceAll('{now}', String(Date.now()));
  const database = new Database(join(folder, 'latchkey.sqlite'));
  database.exec(rows);
  database.close();
}

function makeFolder(name) {
  return mkdtempSync(join(home, name));
}

/**
 * Writes a configuration with the fonts of Chromium. They have no monospace font, so that one comes from the
 * system.
 */
function makeFonts() {
  const prefer = (family, preferred) =>
    `<match><test name="family"><string>${family}</string></test>` +
    `<edit name="family" mode="prepend" binding="strong"><string>${preferred}</string></edit></match>`;
  const file = join(home, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig>
      <dir>${join(tmpdir(), 'fonts')}</dir><dir>/usr/share/fonts</dir>
      <cachedir>${join(home, 'font-cache')}</cachedir>
      ${prefer('sans-serif', 'Open Sans')}${prefer('system-ui', 'Open Sans')}
      ${prefer('monospace', 'DejaVu Sans Mono')}
    </fontconfig>`,
  );
  return file;
}
