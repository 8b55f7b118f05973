const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { FOLDER } = require('./folder.cjs');
const ScriptEnvironment = require('./environment.cjs');

/** Exports of the scripts that have run. */
const loaded = new Map();

/**
 * Environment of tests of the whole API. The prepared scripts run once per process, outside the contexts of
 * the test files, which share their objects. Fake timers do not affect them.
 */
module.exports = class ApiEnvironment extends ScriptEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.runScript = (...scope) => runOnce(...scope);
    // Decorators in tests store their metadata where the packages read it.
    void load(join(FOLDER, 'script.js'))['reflect-metadata'];
    Object.defineProperties(this.global.Reflect, Object.getOwnPropertyDescriptors(Reflect));
    this.outputs = this.global.recordedOutputs = [];
    this.seen = new Map();
  }

  /** Appends the output of servers and commands during a test or a hook to its error. */
  async handleTestEvent({ name, error, test, hook }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') {
      // After a timeout, the error is a string. Jest then also prints the stack of the test or the hook.
      const printed = typeof error?.stack === 'string' ? error : (hook ?? test).asyncError;
      // Output of processes arrives later.
      await pause(100);
      const texts = this.outputs.map((output) => output.slice(this.seen.get(output)).join('').trimEnd());
      printed.stack += texts
        .filter(Boolean)
        .map((text) => `\n\nOutput of a server or command:\n${tailOf(text)}`)
        .join('');
    }
    if (name === 'test_start') {
      this.seen = new Map(this.outputs.map((output) => [output, output.length]));
    }
  }

  async teardown() {
    // Test files share objects, so spies must not outlive a file.
    this.moduleMocker?.restoreAllMocks();
    await super.teardown();
  }
};

/** Returns the last lines of a log, and the last warnings and errors before them. */
function tailOf(text) {
  const lines = text.split('\n');
  const last = lines.splice(-30);
  const warnings = lines.filter((line) => /"level":[456]0\b/.test(line)).slice(-30);
  return [...warnings, ...last].join('\n').slice(-20_000);
}

function runOnce(filename, require, module) {
  module.exports = load(filename);
}

function load(filename) {
  if (!loaded.has(filename)) {
    const module = { exports: {} };
    const run = ScriptEnvironment.compiled(filename).runInThisContext();
    run(createRequire(filename), module, filename, dirname(filename));
    loaded.set(filename, module.exports);
  }
  return loaded.get(filename);
}

/** The script of the API requires the packages. */
globalThis.runScript = runOnce;
