const { existsSync } = require('node:fs');
const { join, sep } = require('node:path');
const { FOLDER } = require('./folder.cjs');

/** The file that stands for a package, by what is imported; `undefined` for all that is not prepared. */
const files = new Map();

/** Finds modules as jest does, but for the prepared packages: what we import of them comes from one script. */
module.exports = (request, options) => {
  const isOurs = !options.basedir.includes(`${sep}node_modules${sep}`);
  return (isOurs && /^[@\w]/.test(request) && prepared(request)) || options.defaultResolver(request, options);
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
    // A second copy of the package would come with it, whose classes are not those of the first.
    throw new Error(`Add ${request} to DEEP_IMPORTS in test/support/packages/prepare.mjs.`);
  }
  return undefined;
}

function fileOf(request) {
  return join(FOLDER, `${request}.mjs`);
}
