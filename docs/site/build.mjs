// Builds the documentation site into dist/docs. Needs the built server.
import { build } from 'vitepress';
import { stage } from './stage.mjs';

process.chdir(new URL('../..', import.meta.url).pathname);
await stage();
await build('docs/site');
