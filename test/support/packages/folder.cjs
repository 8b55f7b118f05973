const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '../../..');

/** What the prepared packages depend on. */
const SOURCES = [
  'package-lock.json',
  'apps/api/build/external-packages.mjs',
  'apps/api/build/package-plugins.mjs',
  'test/support/packages/prepare.mjs',
];

const hash = createHash('sha256');
SOURCES.forEach((path) => hash.update(readFileSync(join(ROOT, path))));

/** Where the packages are kept as the tests load them. `npm ci` removes it; other packages have another. */
exports.FOLDER = join(ROOT, 'node_modules/.cache/latchkey-tests', hash.digest('hex').slice(0, 16));
