import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anchorsOf, externalLinksOf, hasTarget, linksOf, targetOf } from '../../docs/site/markdown.mjs';

/** Paths of the Markdown files in the repository. */
const PAGES = [
  ...readdirSync('.'),
  ...['apps', 'docs', 'libs', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((path) => path.endsWith('.md') && !path.includes('node_modules'));

/**
 * Returns the README that must list a page: that of its folder, or of the nearest folder above. A README is
 * listed above.
 */
function indexOf(page: string, folder = dirname(page)): string {
  const index = join(folder, 'README.md');
  return (index !== page && PAGES.includes(index)) || folder === '.' ? index : indexOf(page, dirname(folder));
}

describe('links in the documentation', () => {
  it('finds pages, links and anchors', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', join('docs', 'operations', 'replicas.md')]));
    expect(linksOf('README.md')).toContain('docs/README.md');
    expect(anchorsOf('docs/operations/replicas.md')).toContain('through-a-pooler');
  });

  it.each(PAGES)('finds the target of each link in %s', (page) => {
    expect(linksOf(page).filter((target) => !hasTarget(page, target))).toEqual([]);
  });

  it.each([
    ['nowhere.md', false],
    ['replicas.md#nowhere', false],
    ['replicas.md#through-a-pooler', true],
    ['../README.md', true],
  ])('detects broken links: %s, %p', (target, expected) => {
    expect(hasTarget(join('docs', 'operations', 'metrics.md'), target)).toBe(expected);
  });

  // Without requests: the result would depend on the network.
  it('uses HTTPS in links to other sites', () => {
    const links = PAGES.flatMap(externalLinksOf);

    expect(links).toContain('https://www.rfc-editor.org/rfc/rfc9457');
    expect(links.filter((link) => !URL.canParse(link) || !link.startsWith('https://'))).toEqual([]);
  });

  it('names existing files in CONTRIBUTING.md', () => {
    const named = [
      ...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|mjs|cjs|js))`/g),
    ];
    const paths = named.map(([, path = '']) => path);

    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(path) && !existsSync(join('apps/api/src', path)))).toEqual([]);
  });

  it('lists every page in the index above it', () => {
    const pages = PAGES.filter((page) => page.startsWith('docs'));

    expect(pages.length).toBeGreaterThan(20);
    const isListed = (page: string) => {
      const index = indexOf(page);
      return linksOf(index).some((link) => targetOf(index, link) === page);
    };
    expect(pages.filter((page) => !isListed(page))).toEqual([]);
  });
});
