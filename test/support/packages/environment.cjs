const { existsSync, readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** Compiled once for all test files of a process. Each file runs them anew, so that they share no object. */
const scripts = new Map();

/** Node, where the prepared scripts can be run. */
module.exports = class ScriptEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.runScript = (filename, ...scope) =>
      compiled(filename).runInContext(this.getVmContext())(...scope);
  }
};

function compiled(filename) {
  if (!scripts.has(filename)) {
    // For every stack, jest looks for a map in all of a script that it can find. That of the packages has none.
    const name = existsSync(`${filename}.map`) ? filename : `${filename}#`;
    scripts.set(filename, new Script(readFileSync(filename, 'utf8'), { filename: name }));
  }
  return scripts.get(filename);
}
