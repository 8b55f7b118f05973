const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '../../..');

/** Files that the prepared packages depend on. */
const SOURCES = [
  'package-lock.json',
  'apps/api/build/external-packages.mjs',
  'apps/api/build/left-out.mjs',
  'apps/api/build/package-plugins.mjs',
  'test/support/packages/prepare.mjs',
];

const hash = createHash('sha256');
SOURCES.forEach((path) => hash.update(readFileSync(join(ROOT, path))));

/** Folder of the prepared packages. `npm ci` removes it, and a change of the packages changes its name. */
exports.FOLDER = join(ROOT, 'node_modules/.cache/latchkey-tests', hash.digest('hex').slice(0, 16));
