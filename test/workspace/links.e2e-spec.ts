import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** The Markdown files of the repository, by their paths in it. */
const PAGES = [
  ...readdirSync('.'),
  ...['apps', 'docs', 'libs', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((path) => path.endsWith('.md') && !path.includes('node_modules'));

/** A page without its code, in which brackets are no links and `#` makes no heading. */
const prose = (page: string) =>
  readFileSync(page, 'utf8')
    .replaceAll(/^( *)```.*?^\1```/gms, '')
    .replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

/** What `#` may name on a page: its headings, as GitHub turns them into anchors. */
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

/** The links of a page that stay in the repository. */
const linksOf = (page: string) =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  return existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

/** The README that lists a page: that of its own folder, else of the one above; of a README the next one above. */
function indexOf(page: string, folder = dirname(page)): string {
  const index = join(folder, 'README.md');
  return (index !== page && PAGES.includes(index)) || folder === '.' ? index : indexOf(page, dirname(folder));
}

/** The files that a page links to, by their paths in the repository. */
const targetsOf = (page: string) =>
  linksOf(page).map((target) => join(dirname(page), target.split('#')[0] ?? ''));

describe('the links of the documentation', () => {
  it('are found', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', join('docs', 'operations', 'replicas.md')]));
    expect(linksOf('README.md')).toContain('docs/README.md');
    expect(anchorsOf('docs/operations/replicas.md')).toContain('through-a-pooler');
  });

  it.each(PAGES)('lead from %s to files and headings that are there', (page) => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  it.each([
    ['nowhere.md', false],
    ['replicas.md#nowhere', false],
    ['replicas.md#through-a-pooler', true],
    ['../README.md', true],
  ])('are told apart from those that lead nowhere: %s, %p', (target, expected) => {
    expect(leadsSomewhere(join('docs', 'operations', 'metrics.md'), target)).toBe(expected);
  });

  it('lead from the index of the documentation to every page', () => {
    const pages = PAGES.filter((page) => page.startsWith('docs'));

    expect(pages.length).toBeGreaterThan(20);
    expect(pages.filter((page) => !targetsOf(indexOf(page)).includes(page))).toEqual([]);
  });
});
