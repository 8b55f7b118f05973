// Writes the Markdown from which VitePress builds the site: pages of the repository, and generated ones.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { apiPages } from './api/pages.mjs';
import { fetchApiDocument } from './api/document.mjs';
import { homePage } from './home.mjs';
import { packagePages } from './package-reference.mjs';
import { linkedFiles, markdownPages, PACKAGES, SCREENSHOTS, SETTINGS, SOURCE } from './pages.mjs';
import { screenshotPage } from './screenshots.mjs';
import { settingsPage } from './settings.mjs';

/** Writes all pages. */
export async function stage() {
  rmSync(SOURCE, { recursive: true, force: true });
  stageRepository();
  for (const name of PACKAGES) {
    for await (const [page, text] of packagePages(name)) {
      write(page, text);
    }
  }
  const document = await fetchApiDocument();
  for (const [page, text] of apiPages(document)) {
    write(page, text);
  }
  write('public/openapi.json', JSON.stringify(document));
}

/** Writes the pages that need no build. */
export function stageRepository() {
  const pages = markdownPages();
  for (const [source, page] of pages) {
    write(page, source === 'README.md' ? homePage() : readFileSync(source, 'utf8'));
  }
  for (const [source, page] of linkedFiles(pages)) {
    write(page, source === SETTINGS ? settingsPage(source) : filePage(source));
  }
  write(SCREENSHOTS.page, screenshotPage());
  cpSync(SCREENSHOTS.folder, join(SOURCE, 'public/screenshots'), { recursive: true });
  cpSync('apps/admin/public/favicon.svg', join(SOURCE, 'public/favicon.svg'));
}

function write(page, text) {
  const path = join(SOURCE, page);
  // The development server reloads files that are written.
  if (existsSync(path) && readFileSync(path, 'utf8') === text) {
    return;
  }
  mkdirSync(posix.dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Languages of files whose extension does not name it. */
const LANGUAGES = {
  '.conf': 'nginx',
  '.service': 'ini',
  '.socket': 'ini',
  '.timer': 'ini',
};

/** Returns a page with the text of a file. */
function filePage(path) {
  const text = readFileSync(path, 'utf8').trimEnd();
  const extension = extname(path);
  const language = path.endsWith('Dockerfile')
    ? 'docker'
    : (LANGUAGES[extension] ?? extension.slice(1)) || 'text';
  return `# ${posix.basename(path)}\n\nIn the repository: \`${path}\`\n\n\`\`\`\`${language}\n${text}\n\`\`\`\`\n`;
}
