// Changes to the HTML that VitePress writes.

/** Name of the script in the root of the site that the head of each page runs. */
export const HEAD_SCRIPT = 'head.js';

/**
 * Runs before VitePress' own scripts: finds the root of the site, and marks pages from a folder, where
 * modules do not run.
 */
const START = `window.__VP_SITE_ROOT__ = new URL('.', document.currentScript.src).href;
document.documentElement.classList.toggle('without-modules', location.protocol === 'file:');
`;

const INLINE_SCRIPT = /<script(?: id="[\w-]+")?>(.*?)<\/script>\n\s*/gs;

/** Returns the way from a page to the root of the site, such as `../`. */
export const rootFrom = (page) => '../'.repeat(page.split('/').length - 1) || './';

/**
 * Returns a page whose inline scripts are in a file, so that a Content Security Policy can forbid inline
 * scripts.
 */
export function withoutInlineScripts(html, page) {
  const [head, body] = html.split('</head>');
  const file = `<script src="${rootFrom(page)}${HEAD_SCRIPT}"></script>\n    `;
  return `${head.replaceAll(INLINE_SCRIPT, '').replace('<link', `${file}<link`)}</head>${body}`;
}

/** Returns the text of the file for the inline scripts of a page. */
export function headScript(html) {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].map(([, script]) => script);
  return START + scripts.filter((script) => !script.includes('__VP_SITE_ROOT__')).join('\n');
}

/**
 * Returns the page for unknown addresses. Servers send it for addresses in any folder, so it needs no other
 * file. Its script finds the root of the site by the name of a folder in the address.
 */
export const notFoundPage = (folders) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width,initial-scale=1" />
    <title>Page not found | Latchkey</title>
    <style>
      :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
      body { max-width: 36rem; margin: 20vh auto; padding: 0 24px; }
      a { color: light-dark(#086a63, #86d4cb); }
    </style>
  </head>
  <body>
    <main>
      <h1>Page not found</h1>
      <p>This documentation has no page at this address.</p>
      <p><a href="./">Documentation of Latchkey</a></p>
    </main>
    <script>
      const [before] = location.pathname.split(/\\/(?:${folders.join('|')})\\//);
      if (before !== location.pathname) document.querySelector('a').href = before + '/';
    </script>
  </body>
</html>
`;
