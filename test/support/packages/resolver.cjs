const { existsSync } = require('node:fs');
const { join, sep } = require('node:path');
const { FOLDER } = require('./folder.cjs');

/** Prepared file by import specifier; `undefined` if the package is not prepared. */
const files = new Map();

/** Resolves modules like jest, except imports of prepared packages, which come from one script. */
module.exports = (request, options) => {
  const isOwnFile = !options.basedir.includes(`${sep}node_modules${sep}`);
  // It must share the classes of Nest with the tests.
  const isExpressAdapter = options.basedir.includes(`${sep}nest-platform-express`);
  return (
    ((isOwnFile || isExpressAdapter) && /^[@\w]/.test(request) && prepared(request)) ||
    options.defaultResolver(request, options)
  );
};

function prepared(request) {
  if (!files.has(request)) {
    files.set(request, find(request));
  }
  return files.get(request);
}

function find(request) {
  const file = fileOf(request);
  if (existsSync(file)) {
    return file;
  }
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(request);
  if (name !== request && existsSync(fileOf(name))) {
    // It would load a second copy of the package, with different classes.
    throw new Error(`Add ${request} to DEEP_IMPORTS in test/support/packages/prepare.mjs.`);
  }
  return undefined;
}

function fileOf(request) {
  return join(FOLDER, `${request}.cjs`);
}
