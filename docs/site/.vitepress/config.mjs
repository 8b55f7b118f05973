import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { slugOf } from '../markdown.mjs';
import { SITE, SOURCE } from '../pages.mjs';
import { repositoryLinks } from '../repository-links.mjs';
import { sidebar } from '../sidebar.mjs';

/** Names of the staged pages of the API that stand for a tag. */
const apiTags = readdirSync(`${SOURCE}/reference/api`)
  .filter((name) => name.endsWith('.md') && !['index.md', 'schemas.md'].includes(name))
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
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }]],
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
    search: { provider: 'local' },
    externalLinkIcon: true,
  },
});
