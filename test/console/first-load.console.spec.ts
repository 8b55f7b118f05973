import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type BrowserContext, type Page } from 'playwright-core';
import { ADMIN, newUser } from '../support/factories.js';
import { sampleInputs } from '../support/deep.js';
import { signIn, useServedConsole } from '../support/browser/use-console.js';

/** Limit in bytes on the wire for a first load, including styles, scripts and API responses. */
const BUDGET = 250_000;

let context: BrowserContext;

const inUse = useServedConsole(async (client, headers) => {
  for (let number = 1; number <= 30; number++) {
    await client.createUser(newUser({ name: `person.${number}`, roles: ['user'] }), headers);
  }
  await client.createUserToken('person.1', headers);
});

beforeAll(async () => {
  context = await inUse.browser.context({ preloads: true });
});

/** Page, language, and an element that shows data. `npm test` has every fourth, which are the largest. */
const PAGES = [
  ['/admin/users', 'en', 'app-user-identity'],
  ['/admin/users', 'de', 'app-user-identity'],
  ['/admin/', 'en', 'app-login-chart app-bar-chart'],
  ['/admin/', 'de', 'app-login-chart app-bar-chart'],
  ['/admin/audit', 'en', 'app-audit-row'],
  ['/admin/audit', 'de', 'app-audit-row'],
  ['/admin/tokens', 'en', 'app-token-identity'],
  ['/admin/tokens', 'de', 'app-token-identity'],
] as const;

interface Load {
  page: Page;
  /** Bytes on the wire, headers included, of each file and response so far. */
  arrived: ReadonlyMap<string, number>;
}

/** Opens an address with a session but an empty cache. */
async function firstLoad(path: string, language = 'en'): Promise<Load> {
  const page = await context.newPage();
  await page.addInitScript(`localStorage.setItem('latchkey-language', '${language}')`);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const urls = new Map<string, string>();
  const arrived = new Map<string, number>();
  session.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    arrived.set(urls.get(requestId) ?? '', encodedDataLength),
  );
  await page.goto(path);
  return { page, arrived };
}

/** Script that records when the first element of a selector appears. */
function recordArrivalOf(selector: string): string {
  return `new MutationObserver(() => {
    if (!window.arrivalTime && document.querySelector(${JSON.stringify(selector)})) {
      window.arrivalTime = performance.now();
    }
  }).observe(document, { childList: true, subtree: true })`;
}

/** Script that returns the URLs requested before that. */
const REQUESTED_BEFORE = `JSON.stringify([location.href, ...performance.getEntriesByType('resource')
  .filter(({ startTime }) => startTime < window.arrivalTime).map(({ name }) => name)])`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Total gzip size of scripts and styles. Browsers accept no brotli without TLS. */
function inGzip(urls: readonly string[]): number {
  const files = urls
    .map((url) => new URL(url).pathname)
    .filter((path) => /\.(js|css)$/.test(path))
    .map((path) => join('dist/apps/admin/browser', path.replace('/admin/', '')));
  return sum(files.map((file) => (statSync(`${file}.gz`, { throwIfNoEntry: false }) ?? statSync(file)).size));
}

const scripts = (urls: Iterable<string>): string[] => [...urls].filter((url) => url.endsWith('.js'));

describe('the first load', () => {
  it('preloads no other page on the sign-in page', async () => {
    const { page, arrived } = await firstLoad('/admin/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    const initial = scripts(arrived.keys());
    await page.waitForLoadState('networkidle');

    expect(scripts(arrived.keys())).toEqual(initial);
    expect(sum([...arrived.values()])).toBeLessThan(BUDGET);

    await signIn(page, ADMIN.name, ADMIN.password);
    await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
    await page.close();
  });

  it.each(sampleInputs(PAGES, 4))(
    'transfers at most 250 kB for %s in %s, with brotli and with gzip',
    async (path, language, selector) => {
      await context.addInitScript(recordArrivalOf(selector));
      const { page, arrived } = await firstLoad(path, language);
      await page.locator(selector).first().waitFor();
      await page.waitForLoadState('networkidle');
      const urls = JSON.parse(await page.evaluate<string>(REQUESTED_BEFORE)) as string[];
      const inBrotli = sum(urls.map((url) => arrived.get(url) ?? 0));

      process.stdout.write(
        `${path} in ${language}: ${inBrotli} bytes on the wire, scripts and styles in gzip ${inGzip(urls)}\n`,
      );
      expect(urls.length).toBeGreaterThan(15);
      expect(inBrotli).toBeLessThan(BUDGET);
      expect(inGzip(urls)).toBeLessThan(BUDGET);
      await page.close();
    },
  );

  it('preloads the other pages while idle, once signed in', async () => {
    const { page, arrived } = await firstLoad('/admin/');
    await page.locator('app-login-chart app-bar-chart').waitFor();
    await page.waitForLoadState('networkidle');
    const before = scripts(arrived.keys());

    await page.getByRole('link', { name: 'Audit trail', exact: true }).click();
    await page.locator('app-audit-row').first().waitFor();

    expect(scripts(arrived.keys())).toEqual(before);
    await page.close();
  });
});
