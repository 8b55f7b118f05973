const { AsyncLocalStorage } = require('node:async_hooks');
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
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
    scripts.forEach(storeCode);
    await super.teardown();
  }
};

module.exports.compiled = compiled;

function compiled(filename) {
  if (!scripts.has(filename)) {
    // For every stack, jest searches the whole script for a source map. The script of the packages has none.
    const name = existsSync(`${filename}.map`) ? filename : `${filename}#`;
    const code = codeOf(filename);
    const cachedData = existsSync(code) ? readFileSync(code) : undefined;
    scripts.set(filename, new Script(readFileSync(filename, 'utf8'), { filename: name, cachedData }));
  }
  return scripts.get(filename);
}

/** File with the compiled functions of a script, which save each process 0.4 s of compiling. */
const codeOf = (filename) => `${filename}.${process.version}.code`;

/** Stores the functions that the first test file has compiled. */
function storeCode(script, filename) {
  const code = codeOf(filename);
  if (!existsSync(code)) {
    writeFileSync(`${code}.${process.pid}`, script.createCachedData());
    renameSync(`${code}.${process.pid}`, code);
  }
}

/**
 * Storages in use. Jest has one for each file, which would slow down all promises of later files. Patching
 * `run` is safe: it works as before, `disable` is public, and the next `run` enables a disabled storage.
 */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...work) {
  storages.add(this);
  return run.apply(this, work);
};
