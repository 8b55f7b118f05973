import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import * as models from '@latchkey/auth-models';
import { type Page } from 'playwright-core';
import { SITE } from '../../docs/site/pages.mjs';
import { Axe, AXE_CONTEXT_OPTIONS } from '../support/browser/axe.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { describeIfInstalled, registryMissing } from '../support/external-programs.js';
import {
  addressesIn,
  builtPages,
  buildSite,
  hasTarget,
  htmlOf,
  isExternal,
  SiteServer,
} from './built-site.js';

/** One page of each kind. Short ones, because axe-core takes long for tables. */
const KINDS = [
  'index.html',
  'get-started.html',
  'reference/command-line.html',
  'reference/console.html',
  'reference/api/index.html',
  'reference/api/health.html',
  'reference/api/errors.html',
  'reference/auth-models/api/functions.html',
  'reference/client/api/fastify.html',
];

const install = spawnSync(process.execPath, ['supply/install-packages.mjs', 'docs/site'], {
  stdio: 'inherit',
});
const missing = install.status === 0 ? null : registryMissing('vitepress');

let server: SiteServer;
let browser: ConsoleBrowser;

beforeAll(async () => {
  await buildSite();
  server = await SiteServer.start();
  browser = await ConsoleBrowser.launch(server.url);
}, 300_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

afterEach(() => {
  expect(browser.misbehavior.splice(0)).toEqual([]);
});

/** Opens the search, and types a text. Until Vue has taken over the page, the key does nothing. */
async function search(page: Page, text: string): Promise<void> {
  await page.waitForFunction('document.querySelector("#app").__vue_app__');
  await page.keyboard.press('Control+k');
  await page.locator('#localsearch-input').fill(text);
}

describeIfInstalled(missing, 'the files of the documentation site', () => {
  it('link to files and anchors that exist', () => {
    const pages = builtPages();
    const broken = pages.flatMap((page) =>
      addressesIn(htmlOf(page))
        .filter((address) => !isExternal(address) && !hasTarget(page, address))
        .map((address) => `${page}: ${address}`),
    );

    expect(pages.length).toBeGreaterThan(80);
    expect(broken).toEqual([]);
  });

  it.each([
    ['guides/import-users.html', '../get-started.html#requirements', true],
    ['guides/import-users.html', '#hash-formats', true],
    ['guides/import-users.html', '../get-started.html#nowhere', false],
    ['guides/import-users.html', '#nowhere', false],
    ['guides/import-users.html', '../nowhere.html', false],
    ['guides/import-users.html', '/get-started.html', false],
    ['get-started.html', '../docs/get-started.html', false],
  ])('have a link from %s to %s: %p', (page, address, expected) => {
    expect(hasTarget(page, address)).toBe(expected);
  });

  it('load nothing from other servers', () => {
    const loaded = builtPages().flatMap((page) =>
      addressesIn(htmlOf(page).replaceAll(/<a\s[^>]*>/g, '')).filter(isExternal),
    );

    expect(loaded).toEqual([]);
  });

  it('have no inline script', () => {
    const scripts = [
      ...builtPages()
        .map(htmlOf)
        .join('\n')
        .matchAll(/<script\b[^>]*>(?!<\/script>)/g),
    ];

    expect(scripts).toEqual([]);
  });

  it('are all in the sidebar, or listed on a page', () => {
    const [, sidebar = ''] = /<aside class="VPSidebar"(.*?)<\/aside>/s.exec(htmlOf('get-started.html')) ?? [];
    const linked = addressesIn(`<a ${sidebar}`).map((address) => address.replace(/^\.\//, ''));
    // The logo and the navigation link to the first two, an index to the others.
    const isElsewhere = (page: string) =>
      /^(?:index|contents)\.html$|^files\/|^reference\/(?:auth-models|client)\/api\/(?!index)/.test(page);

    expect(builtPages().filter((page) => !isElsewhere(page) && !linked.includes(page))).toEqual([]);
  });

  it('describe every operation of the OpenAPI document', () => {
    const document = JSON.parse(readFileSync(join(SITE, 'openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
    };
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

    expect(operations.length).toBeGreaterThan(40);
    expect(
      operations.filter(
        ({ operationId, tags: [tag] }) =>
          !htmlOf(`reference/api/${tag}.html`).includes(`<code>${operationId}</code>`),
      ),
    ).toEqual([]);
  });

  it('describe every export of auth-models', () => {
    const source = readFileSync('libs/auth-models/src/index.ts', 'utf8');
    const types = [...source.matchAll(/\btype (\w+)/g)].map(([, name = '']) => name);
    const index = htmlOf('reference/auth-models/api/index.html');
    const exported = [...Object.keys(models), ...types].filter(
      (name) => !/^(?:default|module\.exports)$/.test(name),
    );

    expect(exported.length).toBeGreaterThan(100);
    expect(exported.filter((name) => !index.includes(`#${name.toLowerCase()}"`))).toEqual([]);
  });

  it.each(['verifier', 'nest', 'express', 'fastify', 'angular'])(
    'describe every export of @latchkey/client/%s',
    (entry) => {
      const source = readFileSync(`libs/client/src/${entry}/index.ts`, 'utf8');
      const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].map(([, list = '']) => list);
      const names = [
        ...source.matchAll(/^export (?:const|function|type|interface|class) (\w+)/gm),
        ...lists.join().matchAll(/(\w+)\s*(?:,|$)/g),
      ].map(([, name = '']) => name.toLowerCase());
      const page = htmlOf(`reference/client/api/${entry}.html`);

      expect(names.length).toBeGreaterThan(2);
      expect(names.filter((name) => !page.includes(`id="${name}"`) && !page.includes(`#${name}"`))).toEqual(
        [],
      );
    },
  );
});

describeIfInstalled(missing, 'the documentation site', () => {
  let page: Page;

  beforeAll(async () => {
    page = await browser.open('', { preloads: true });
  });

  /**
   * Searches and waits until a result is the first. Until then, the search shows results of the text before.
   */
  async function searchFor(text: string, first: string): Promise<void> {
    await search(page, text);
    await page.locator('#localsearch-item-0').getByRole('link', { name: first, exact: true }).waitFor();
  }

  it('links from the home page to all others', async () => {
    await page.getByRole('link', { name: 'Get started' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Get started' }).waitFor();
    await page.getByRole('navigation', { name: 'Sidebar' }).getByRole('link', { name: 'Replicas' }).click();
    await page.getByRole('heading', { level: 1, name: 'Replicas' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Replicas' }).waitFor();

    expect(page.url()).toBe(`${server.url}operations/replicas.html`);
  });

  it.each([
    ['LATCHKEY_SESSION_IDLE_SECONDS', 'Environment variables > Advanced > LATCHKEY_SESSION_IDLE_SECONDS'],
    ['POST /users', 'Users > POST /users'],
    ['name_taken', 'Error codes > name_taken'],
    ['UserDto', 'Schemas > UserDto'],
    ['rotate token', 'Tokens > Rotate a token'],
    ['restore', 'Runbook > Restore'],
  ])('finds %s', async (text, first) => {
    await searchFor(text, first);
    await page.keyboard.press('Escape');
  });

  it('opens a result with the keyboard', async () => {
    await page.goto('guides/import-users.html');
    await searchFor(
      'LATCHKEY_AUDIT_KEY_FILE',
      'Environment variables > Common settings > LATCHKEY_AUDIT_KEY_FILE',
    );
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Environment variables' }).waitFor();

    expect(page.url()).toBe(`${server.url}reference/settings.html#latchkey_audit_key_file`);
  });

  it('switches the theme, with the screenshots', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('reference/console.html');
    const pictures = () => page.locator('.vp-doc img:visible').first().getAttribute('src');
    const before = await pictures();
    await page.getByRole('switch').first().click();
    await page.locator('html.dark').waitFor();

    expect([before, await pictures()]).toEqual([
      '../screenshots/home-1280-light.png',
      '../screenshots/home-1280-dark.png',
    ]);
    await page.getByRole('switch').first().click();
  });

  it('has a page for unknown addresses in any folder', async () => {
    for (const path of ['nowhere.html', 'guides/nowhere.html', 'guides/gateways/no/where.html']) {
      await page.goto(path);
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
      const target = await page.evaluate('document.querySelector("a").href');

      expect({ path, target }).toEqual({ path, target: server.url });
    }
  });
});

describeIfInstalled(missing, 'the documentation site in a folder without a server', () => {
  let fromFolder: ConsoleBrowser;
  let page: Page;

  beforeAll(async () => {
    fromFolder = await ConsoleBrowser.launch(`${pathToFileURL(SITE).href}/`);
  });

  afterAll(() => fromFolder.close());

  it.each([
    [1280, '32px'],
    [390, '28px'],
  ])('shows styled pages with links at %d pixels', async (width, size) => {
    page = await fromFolder.open('index.html', { viewport: { width, height: 844 } });
    await page.getByRole('link', { name: 'Documentation' }).first().click();
    await page.getByRole('main').getByRole('link', { name: 'Replicas' }).click();
    await page.getByRole('heading', { level: 1, name: 'Replicas' }).waitFor();

    expect(page.url()).toMatch(/\/dist\/docs\/operations\/replicas\.html$/);
    expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).fontSize')).toBe(size);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.getByText('You opened this page from a folder.').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Search' }).count()).toBe(0);
    // Chromium reports that it loads no modules from files.
    const others = fromFolder.misbehavior.splice(0).filter(({ text }) => !/CORS policy/.test(text));
    expect(others).toEqual([]);
  });

  it('opens all groups of the sidebar', async () => {
    page = await fromFolder.open('get-started.html');

    expect(await page.getByRole('link', { name: 'Error codes' }).isVisible()).toBe(true);
  });
});

describeIfInstalled(missing, 'the documentation site in both themes', () => {
  let page: Page;
  let axe: Axe;

  beforeAll(async () => {
    page = await (await browser.context(AXE_CONTEXT_OPTIONS)).newPage();
    axe = await Axe.on(page);
  });

  it.each(KINDS)('has no serious accessibility finding on %s', async (path) => {
    await page.goto(path);
    await page.locator('.VPNavBar').waitFor();
    await axe.check(path);

    expect(axe.takeViolations()).toEqual([]);
  });

  it('has no serious accessibility finding in the menu of a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('get-started.html');
    await page.locator('.VPLocalNav').getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('navigation', { name: 'Sidebar' }).waitFor();
    await axe.check('menu');
    await page.setViewportSize({ width: 1280, height: 800 });

    expect(axe.takeViolations()).toEqual([]);
  });

  it('has no serious accessibility finding in the search, except for the roles of its results', async () => {
    await page.goto('get-started.html');
    await search(page, 'token');
    await page.locator('.results mark').first().waitFor();
    await axe.check('search');

    // VitePress puts links into options, and describes its dialog as a button.
    const known = /: (?:nested-interactive|label-content-name-mismatch):/;
    expect(axe.takeViolations().filter((violation) => !known.test(violation))).toEqual([]);
  });

  it('does not scroll horizontally at 390 and 1024 pixels', async () => {
    const tooWide: string[] = [];
    for (const path of [
      ...KINDS,
      'reference/settings.html',
      'reference/api/users.html',
      'reference/auth-models/api/classes.html',
    ]) {
      await page.goto(path);
      for (const width of [1024, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await page.waitForFunction(`innerWidth === ${width}`);
        if ((await page.evaluate('document.documentElement.scrollWidth')) !== width) {
          tooWide.push(`${path} at ${width}`);
        }
      }
    }

    expect(tooWide).toEqual([]);
  });
});
