// Serves the documentation site and updates it when a page changes. Needs the built server.
import { symlinkSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createServer } from 'vitepress';
import { linkedFiles, markdownPages, SOURCE } from './pages.mjs';
import { stage, stageRepository } from './stage.mjs';

process.chdir(new URL('../..', import.meta.url).pathname);
await stage();
// Vite looks here for the packages that it prepares for browsers.
symlinkSync(resolve('docs/site/node_modules'), join(SOURCE, 'node_modules'), 'junction');
const server = await createServer('docs/site');
await server.listen();
server.printUrls();

const files = [...markdownPages().keys(), ...linkedFiles().keys()];
for (const folder of new Set(files.map((file) => dirname(file)))) {
  watch(folder, updatePages);
}

function updatePages() {
  try {
    stageRepository();
  } catch (error) {
    // For example, a link to a page that is not written yet.
    console.error(error.message);
  }
}
