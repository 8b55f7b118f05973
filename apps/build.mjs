// Builds the parts of the product:
// node apps/build.mjs api admin [--changed]
//
// With --changed, skips each part whose inputs are the same as at its last complete build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import './api/bin/check-node.cjs';

/** npm writes this list once it has installed all packages. */
const INSTALLED_PACKAGES = 'node_modules/.package-lock.json';

const SHARED = ['package.json', INSTALLED_PACKAGES, 'tsconfig.base.json', 'libs/auth-models/src'];

const PARTS = {
  api: {
    title: 'API',
    inputs: ['apps/build.mjs', 'apps/api', 'nest-cli.json', 'libs/client/src', ...SHARED],
    scripts: [['apps/api/build/compile.mjs'], ['apps/api/build/bundle.mjs']],
    output: 'dist/apps/api/bundle/main.js',
  },
  admin: {
    title: 'console',
    inputs: ['apps/build.mjs', 'apps/admin', 'angular.json', 'docs/guides', 'libs/client/src', ...SHARED],
    scripts: [['apps/admin/architect.mjs', 'build'], ['apps/admin/precompress.mjs']],
    output: 'dist/apps/admin/browser/index.html',
  },
};

const words = process.argv.slice(2);
const names = words.filter((word) => word !== '--changed');
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(' and ')}.`);
  process.exit(1);
}
if (!existsSync(INSTALLED_PACKAGES)) {
  console.error('The packages are not installed. Run npm ci first.');
  process.exit(1);
}
for (const name of names) {
  build(PARTS[name], `dist/apps/.${name}-inputs`);
}

function build({ title, inputs, scripts, output }, stamp) {
  const digest = digestOf(inputs);
  const isBuilt = existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (words.includes('--changed') && isBuilt) {
    return;
  }
  console.log(`Building the ${title} …`);
  // Removed first, so that an interrupted build counts as none.
  rmSync(stamp, { force: true });
  for (const script of scripts) {
    const { status } = spawnSync(process.execPath, script, {
      // Without the sizes of the files. Warnings and errors are on standard error.
      stdio: ['inherit', 'ignore', 'inherit'],
      env: { ...process.env, NG_BUILD_OPTIMIZE_CHUNKS: '1' },
    });
    if (status !== 0) {
      process.exit(status ?? 1);
    }
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Returns a digest of the names and contents of all files, except tests. */
function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap(filesIn).filter((each) => !each.endsWith('.spec.ts'))) {
    hash.update(`\0${path}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) {
    return [];
  }
  return statSync(path).isFile()
    ? [path]
    : readdirSync(path)
        .sort()
        .flatMap((name) => filesIn(join(path, name)));
}
