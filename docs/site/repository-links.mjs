// Turns links between files of the repository into links between pages of the site.
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { targetOf } from './markdown.mjs';
import { linkedFiles, markdownPages, SCREENSHOTS } from './pages.mjs';

/**
 * Plugin of markdown-it. Links to code and to other files without a page become text that names the file.
 * Screenshots follow the theme.
 */
export function repositoryLinks(md) {
  const pages = markdownPages();
  const targets = new Map([...pages, ...linkedFiles(pages), [SCREENSHOTS.folder, SCREENSHOTS.page]]);
  const sources = new Map([...pages].map(([source, page]) => [page, source]));
  sources.set(SCREENSHOTS.page, `docs/${SCREENSHOTS.page}`);

  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const source = sources.get(env.relativePath);
    for (const { children } of source === undefined ? [] : tokens) {
      const open = [];
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          open.push(token);
          relink(token, source, env.relativePath, targets);
        } else if (token.type === 'link_close') {
          Object.assign(token, closeLike(open.pop()));
        } else if (token.type === 'image') {
          showScreenshot(token, targetOf(source, token.attrGet('src')));
        }
      }
    }
  });

  const renderImage = md.renderer.rules.image;
  md.renderer.rules.image = (tokens, index, ...rest) => {
    const html = renderImage(tokens, index, ...rest);
    const { meta } = tokens[index];
    return meta?.dark === undefined
      ? html
      : html + html.replaceAll(meta.light, meta.dark).replace('only-light', 'only-dark');
  };
}

function relink(token, source, page, targets) {
  const href = token.attrGet('href');
  if (/^[a-z]+:|^#/.test(href)) {
    return;
  }
  const [, anchor] = href.split('#');
  const file = targetOf(source, href);
  const target = targets.get(file);
  if (target !== undefined) {
    const path = posix.relative(posix.dirname(page), target);
    token.attrSet(
      'href',
      `${path.startsWith('.') ? '' : './'}${path}${anchor === undefined ? '' : `#${anchor}`}`,
    );
  } else if (file.startsWith(`${SCREENSHOTS.folder}/`)) {
    token.attrSet('href', `/screenshots/${posix.basename(file)}`);
    token.attrSet('target', '_blank');
  } else {
    // Not `link_open`: VitePress would treat it as a link.
    Object.assign(token, {
      type: 'source_open',
      tag: 'span',
      attrs: [
        ['title', file],
        ['class', 'source'],
      ],
    });
  }
}

const closeLike = ({ tag }) => (tag === 'span' ? { type: 'source_close', tag } : {});

function showScreenshot(token, file) {
  const name = posix.basename(file);
  const [light, dark] = ['light', 'dark'].map((theme) =>
    name.replace(/(?:light|dark)\.png$/, `${theme}.png`),
  );
  const { width, height } = sizeOf(file);
  token.attrSet('src', `/screenshots/${light}`);
  token.attrSet('width', String(width));
  token.attrSet('height', String(height));
  token.attrSet('loading', 'lazy');
  if (existsSync(`${SCREENSHOTS.folder}/${dark}`) && light !== dark) {
    token.attrSet('class', 'only-light');
    token.meta = { light, dark };
  }
}

/** Returns the size of a PNG file, so that the page does not move when the image arrives. */
export function sizeOf(file) {
  const header = readFileSync(file).subarray(16, 24);
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
}
