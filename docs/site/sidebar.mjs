// Navigation of the site, from the lists in docs/README.md.
import { readFileSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { linksOf, targetOf, titleOf } from './markdown.mjs';
import { linkedFiles, markdownPages, PACKAGES, SCREENSHOTS } from './pages.mjs';

/** Group of docs/README.md with the reference of the API and of the packages. */
const REFERENCE = 'Reference';

/** Page with the screenshots below it. */
const CONSOLE = 'docs/reference/console.md';

/** Returns the sidebar: a group for each section of docs/README.md, in its order. */
export function sidebar(apiTags) {
  const pages = markdownPages();
  const targets = new Map([...pages, ...linkedFiles(pages)]);
  const [, ...sections] = readFileSync('docs/README.md', 'utf8').split(/^## /m);
  return sections.map((section) => {
    const [text] = section.split('\n', 1);
    const entries = [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)/gm)];
    const items = entries.map(([, title, link]) => entry(title, targetOf('docs/README.md', link), targets));
    return { text, items: text === REFERENCE ? [apiEntry(apiTags), ...items] : items };
  });
}

function entry(text, file, targets) {
  const link = linkTo(targets.get(file));
  const children = basename(file) === 'README.md' ? childrenOf(file) : [];
  const items = children.map((child) => ({
    text: titleOf(child).replace(/^(\d{4})\./, '$1'),
    link: linkTo(targets.get(child)),
  }));
  if (file === CONSOLE) {
    items.push({ text: 'Screenshots', link: linkTo(SCREENSHOTS.page) });
  }
  const name = PACKAGES.find((candidate) => file === `libs/${candidate}/README.md`);
  if (name !== undefined) {
    items.push({ text: 'Reference', link: `/reference/${name}/api/` });
  }
  return items.length === 0 ? { text, link } : { text, link, items, collapsed: true };
}

/** Returns the pages that a README lists, of its own folder. */
function childrenOf(readme) {
  const targets = linksOf(readme).map((link) => targetOf(readme, link));
  const own = targets.filter(
    (path) => path !== readme && posix.dirname(path) === posix.dirname(readme) && path.endsWith('.md'),
  );
  return [...new Set(own)];
}

function apiEntry(tags) {
  const items = tags.map((tag) => ({
    text: tag.charAt(0).toUpperCase() + tag.slice(1),
    link: `/reference/api/${tag}`,
  }));
  return {
    text: 'HTTP API',
    link: '/reference/api/',
    collapsed: true,
    items: [
      ...items,
      { text: 'Schemas', link: '/reference/api/schemas' },
      { text: 'Error codes', link: '/reference/api/errors' },
    ],
  };
}

const linkTo = (page) => `/${page.replace(/(?:^|(?<=\/))index\.md$|\.md$/, '')}`;
