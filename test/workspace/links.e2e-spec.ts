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

describe('the links of the documentation', () => {
  it('are found', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', join('docs', 'security.md')]));
    expect(linksOf('README.md')).toContain('docs/security.md');
    expect(anchorsOf('docs/security.md')).toContain('the-command-line');
  });

  it.each(PAGES)('lead from %s to files and headings that are there', (page) => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  it.each([
    ['nowhere.md', false],
    ['security.md#nowhere', false],
    ['security.md#the-console', true],
    ['../README.md', true],
  ])('are told apart from those that lead nowhere: %s, %p', (target, expected) => {
    expect(leadsSomewhere(join('docs', 'command-line.md'), target)).toBe(expected);
  });

  it('lead from the README to every page', () => {
    const pages = PAGES.filter((page) => dirname(page) === 'docs');

    expect(pages.filter((page) => !linksOf('README.md').includes(page))).toEqual([]);
  });
});
