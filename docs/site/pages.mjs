// Which files of the repository become pages of the site, and where.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { linksOf, targetOf } from './markdown.mjs';

/** Folder of the staged Markdown, relative to the repository. VitePress builds the site from it. */
export const SOURCE = 'dist/docs-source';

/** Folder of the built site, relative to the repository. */
export const SITE = 'dist/docs';

/** Packages with a reference from their docstrings: folders in `libs`. */
export const PACKAGES = ['auth-models', 'client'];

/** Code, which is not part of the site. Links to it become text. */
const CODE = /\.(?:ts|mjs|cjs|js)$/;

/** File with the environment variables, which has a page of its own. */
export const SETTINGS = '.env.example';

/** Page of the screenshots, which stands for their folder. */
export const SCREENSHOTS = { folder: 'docs/screenshots', page: 'reference/screenshots.md' };

/** Pages outside `docs`. */
const OTHERS = {
  'README.md': 'index.md',
  'docs/README.md': 'contents.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security-policy.md',
  'libs/conformance/README.md': 'reference/conformance.md',
  'libs/python/README.md': 'reference/python/index.md',
  'libs/python/CHANGELOG.md': 'reference/python/changelog.md',
};

/**
 * Returns the pages of the site by their path in the repository, for example `guides/import-users.md` by
 * `docs/guides/import-users.md`.
 */
export function markdownPages() {
  const pages = new Map(Object.entries(OTHERS));
  for (const name of readdirSync('docs', { recursive: true, encoding: 'utf8' })) {
    const path = name.replaceAll('\\', '/');
    if (path.endsWith('.md') && !path.startsWith('site/') && !pages.has(`docs/${path}`)) {
      pages.set(`docs/${path}`, path.replace(/README\.md$/, 'index.md'));
    }
  }
  for (const name of PACKAGES) {
    pages.set(`libs/${name}/README.md`, `reference/${name}/index.md`);
    pages.set(`libs/${name}/CHANGELOG.md`, `reference/${name}/changelog.md`);
  }
  return pages;
}

/**
 * Returns the other files to which the pages link, such as configuration, by their path in the repository.
 * Each becomes a page with its text.
 */
export function linkedFiles(pages = markdownPages()) {
  const files = new Map();
  for (const page of pages.keys()) {
    for (const link of linksOf(page)) {
      const target = targetOf(page, link);
      if (!pages.has(target) && isText(target)) {
        files.set(target, target === SETTINGS ? 'reference/settings.md' : `files/${target}.md`);
      }
    }
  }
  return files;
}

const isText = (path) =>
  existsSync(path) && statSync(path).isFile() && !CODE.test(path) && !/\.(png|svg)$/.test(path);
