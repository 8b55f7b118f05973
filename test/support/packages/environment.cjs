const { existsSync, readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** Scripts, compiled once per process. Each test file runs them again, so that files share no objects. */
const scripts = new Map();

/** Node environment that can run the prepared scripts. */
module.exports = class ScriptEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.runScript = (filename, ...scope) =>
      compiled(filename).runInContext(this.getVmContext())(...scope);
  }
};

function compiled(filename) {
  if (!scripts.has(filename)) {
    // For every stack, jest searches the whole script for a source map. The script of the packages has none.
    const name = existsSync(`${filename}.map`) ? filename : `${filename}#`;
    scripts.set(filename, new Script(readFileSync(filename, 'utf8'), { filename: name }));
  }
  return scripts.get(filename);
}
