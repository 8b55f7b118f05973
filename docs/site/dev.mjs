// Serves the documentation site, and updates it when a page changes. Needs the built server.
import { watch } from 'node:fs';
import { createServer } from 'vitepress';
import { stage, stageRepository } from './stage.mjs';

process.chdir(new URL('../..', import.meta.url).pathname);
await stage();
const server = await createServer('docs/site');
await server.listen();
server.printUrls();

for (const [folder, recursive] of Object.entries({ '.': false, docs: true, libs: true, deploy: true })) {
  watch(folder, { recursive }, updatePages);
}

function updatePages() {
  try {
    stageRepository();
  } catch (error) {
    // For example, a link to a page that is not written yet.
    console.error(error.message);
  }
}
