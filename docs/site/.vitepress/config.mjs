import { readdirSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { HEAD_SCRIPT, headScript, notFoundPage, rootFrom, withoutInlineScripts } from '../html.mjs';
import { slugOf } from '../markdown.mjs';
import { SITE, SOURCE } from '../pages.mjs';
import { repositoryLinks } from '../repository-links.mjs';
import { sidebar } from '../sidebar.mjs';

/** Pages of the API that do not stand for a tag. */
const API_PAGES = ['index.md', 'schemas.md', 'errors.md'];

const apiTags = readdirSync(`${SOURCE}/reference/api`)
  .filter((name) => !API_PAGES.includes(name))
  .map((name) => name.slice(0, -3))
  .sort();

export default defineConfig({
  lang: 'en',
  title: 'Latchkey',
  description: 'Documentation of Latchkey, a self-hosted authentication server for REST APIs.',
  // The site works in any folder of any server.
  base: './',
  srcDir: `../../${SOURCE}`,
  outDir: `../../${SITE}`,
  cacheDir: '../../dist/docs-cache',
  transformHead: ({ page }) => [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${rootFrom(page)}favicon.svg` }],
  ],
  transformHtml(html, _file, { page }) {
    if (page === 'index.md') {
      writeFileSync(`${SITE}/${HEAD_SCRIPT}`, headScript(html));
    }
    return withoutInlineScripts(html, page);
  },
  buildEnd() {
    const folders = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    writeFileSync(`${SITE}/404.html`, notFoundPage(folders.map(({ name }) => name)));
  },
  // The index of the search is one chunk.
  vite: { build: { chunkSizeWarningLimit: 1000 } },
  markdown: {
    anchor: { slugify: slugOf },
    languageAlias: { csv: 'text', caddyfile: 'text', caddy: 'text', haproxy: 'text' },
    config: (md) => md.use(repositoryLinks),
  },
  themeConfig: {
    logo: '/favicon.svg',
    nav: [
      { text: 'Get started', link: '/get-started' },
      { text: 'Documentation', link: '/contents' },
      { text: 'HTTP API', link: '/reference/api/' },
    ],
    sidebar: sidebar(apiTags),
    outline: [2, 3],
    search: {
      provider: 'local',
      options: { miniSearch: { searchOptions: { combineWith: 'AND' } } },
    },
    externalLinkIcon: true,
    notFound: {
      code: '',
      title: 'Page not found',
      quote: 'This documentation has no page at this address.',
      linkText: 'Start page',
      linkLabel: 'Go to the start page',
    },
  },
});
