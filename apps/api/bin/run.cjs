// Must come first: the size of the thread pool is fixed at its first use.
require('./prepare-process.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { parseArgs } = require('node:util');

const BUNDLE = join(__dirname, '../../../dist/apps/api/bundle');

/** Options of `serve` and `verifier`, which read them themselves. */
const SERVE_OPTIONS = { 'environment-file': { type: 'string' }, json: { type: 'boolean' } };

/**
 * Whether the arguments start the server or a verifier. It then runs in this process, without the code of the
 * command line.
 */
function isServe() {
  try {
    const { positionals } = parseArgs({ options: SERVE_OPTIONS, allowPositionals: true });
    return ['serve', 'verifier'].includes(positionals.join());
  } catch {
    // Help, or invalid arguments: the command line prints both.
    return false;
  }
}

const program = join(BUNDLE, isServe() ? 'main.js' : 'cli.js');
if (existsSync(program)) {
  import(pathToFileURL(program).href);
} else {
  const isInstalled = existsSync(join(__dirname, '../../../node_modules'));
  const steps = isInstalled ? 'npm run build' : 'npm ci && npm run build';
  process.stderr.write(`Latchkey is not built yet. Run ${steps} first.\n`);
  process.exitCode = 1;
}
