import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Paths of the Markdown files in the repository. */
const PAGES = [
  ...readdirSync('.'),
  ...['apps', 'docs', 'libs', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((path) => path.endsWith('.md') && !path.includes('node_modules'));

/** Returns a page without its code, where brackets are not links and `#` is not a heading. */
const prose = (page: string) =>
  readFileSync(page, 'utf8')
    .replaceAll(/^( *)```.*?^\1```/gms, '')
    .replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

/** Returns the anchors that GitHub creates for the headings of a page. */
function anchorsOf(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return headings.map((heading, index) => {
    const before = headings.slice(0, index).filter((other) => other === heading).length;
    return before === 0 ? heading : `${heading}-${before}`;
  });
}

/** Returns the links of a page to files of the repository. */
const linksOf = (page: string) =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));

function hasTarget(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  return existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

/** Returns the README that must list a page: that of its folder, or of the nearest folder above. A README is listed above. */
function indexOf(page: string, folder = dirname(page)): string {
  const index = join(folder, 'README.md');
  return (index !== page && PAGES.includes(index)) || folder === '.' ? index : indexOf(page, dirname(folder));
}

/** Returns the paths of the files to which a page links. */
const targetsOf = (page: string) =>
  linksOf(page).map((target) => join(dirname(page), target.split('#')[0] ?? ''));

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
    expect(pages.filter((page) => !targetsOf(indexOf(page)).includes(page))).toEqual([]);
  });
});
