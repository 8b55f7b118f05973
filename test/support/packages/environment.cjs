const { AsyncLocalStorage } = require('node:async_hooks');
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext, Script } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { isDeep } = require('../only-deep.cjs');
const { optimizeLate } = require('../v8-flags.cjs');

/**
 * Heap of a worker in bytes at which another replaces it. With a lower limit, more workers start, and each
 * loads all code again.
 */
const HEAP_MAX = 800_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
// Otherwise `gc` would also be a global of the test files.
setFlagsFromString('--no-expose-gc');

/** Scripts, compiled once per process. */
const scripts = new Map();

/** Node environment that can run the prepared scripts. Each test file has its own copy of their objects. */
module.exports = class ScriptEnvironment extends TestEnvironment {
  constructor(config, context) {
    replaceLargeWorker();
    super(config, context);
    optimizeLate(!isDeep(context.testPath));
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
module.exports.replaceLargeWorker = replaceLargeWorker;

/**
 * Exits before a test file if the worker uses too much memory. Jest then sends the file to a new worker.
 * Jest's own limit ends a worker that has already started the next file. That file would run again, and its
 * servers and folders would be left behind.
 */
function replaceLargeWorker() {
  const isWorker = /[\\/]jest-worker[\\/]/.test(process.argv[1]);
  if (isWorker && isLarge()) {
    // Most of it is garbage: V8 lets the heap grow to more than the limit before it collects all of it.
    collectGarbage();
    if (isLarge()) {
      process.exit(1);
    }
  }
}

const isLarge = () => process.memoryUsage().heapUsed > HEAP_MAX;

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
