// Links, headings and anchors of Markdown files, as GitHub understands them.
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Returns Markdown without its code, where brackets are not links and `#` is not a heading. */
const prose = (markdown) =>
  markdown
    .replaceAll(/^( *)```.*?^\1```/gms, '')
    .replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

/** Returns the anchor that GitHub creates for a heading. */
export function slugOf(heading) {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** Returns the anchors of a Markdown file. Repeated headings are numbered. */
export function anchorsOf(path) {
  const headings = [...prose(readFileSync(path, 'utf8')).matchAll(/^#+ (.+)$/gm)];
  const slugs = headings.map(([, heading]) => slugOf(heading));
  return slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** Returns the links of a Markdown file within the repository. */
export const linksOf = (path) => allLinksOf(path).filter((target) => !/^[a-z]+:/.test(target));

/** Returns the links of a Markdown file to other sites. */
export const externalLinksOf = (path) => allLinksOf(path).filter((target) => /^[a-z]+:/.test(target));

function allLinksOf(path) {
  return [...prose(readFileSync(path, 'utf8')).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, reference]) => inline ?? reference,
  );
}

/** Returns the file that a link on a page points to, as a path in the repository. */
export function targetOf(page, link) {
  const [path] = link.split('#');
  return path === '' ? page : posix.join(posix.dirname(page), path);
}

/** Whether a link on a page points to a file, and its anchor to a heading of that file. */
export function hasTarget(page, link) {
  const [, anchor] = link.split('#');
  const file = targetOf(page, link);
  return existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

/** Returns the title of a Markdown file. */
export function titleOf(path) {
  const [, title] = /^# (.+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (title === undefined) {
    throw new Error(`${path} has no title.`);
  }
  return title;
}
