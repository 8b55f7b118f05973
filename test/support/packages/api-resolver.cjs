const { join, relative, resolve, sep } = require('node:path');
const findModule = require('./resolver.cjs');

const ROOT = resolve(__dirname, '../../..');
const TESTS = join(ROOT, 'test') + sep;
const PREPARED = ['apps/api/src', 'libs/auth-models/src'].map((folder) => join(ROOT, folder) + sep);

/**
 * Resolves imports of the API and the models in tests to the prepared script, in addition to those of
 * packages.
 */
module.exports = (request, options) => {
  const found = findModule(request, options);
  const isPrepared = found.endsWith('.ts') && PREPARED.some((folder) => found.startsWith(folder));
  return isPrepared && `${options.basedir}${sep}`.startsWith(TESTS)
    ? join(process.env.LATCHKEYTEST_API, `${relative(ROOT, found)}.cjs`)
    : found;
};
