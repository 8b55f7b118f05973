const { AsyncLocalStorage } = require('node:async_hooks');
const { existsSync, readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** Scripts, compiled once per process. */
const scripts = new Map();

/** Node environment that can run the prepared scripts. Each test file has its own copy of their objects. */
module.exports = class ScriptEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.runScript = (filename, ...scope) =>
      compiled(filename).runInContext(this.getVmContext())(...scope);
  }

  async teardown() {
    storages.forEach((storage) => storage.disable());
    storages.clear();
    await super.teardown();
  }
};

module.exports.compiled = compiled;

function compiled(filename) {
  if (!scripts.has(filename)) {
    // For every stack, jest searches the whole script for a source map. The script of the packages has none.
    const name = existsSync(`${filename}.map`) ? filename : `${filename}#`;
    scripts.set(filename, new Script(readFileSync(filename, 'utf8'), { filename: name }));
  }
  return scripts.get(filename);
}

/** Storages in use. Jest has one for each file, which would slow down all promises of later files. */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...work) {
  storages.add(this);
  return run.apply(this, work);
};
