#!/usr/bin/env node
// Must come first: the size of the thread pool is fixed at its first use.
require('./prepare-process.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const PROGRAM = join(__dirname, '../../../dist/apps/api/bundle/cli.js');

if (existsSync(PROGRAM)) {
  import(pathToFileURL(PROGRAM).href);
} else {
  process.stderr.write('Latchkey is not built yet. Run npm run build first.\n');
  process.exitCode = 1;
}
