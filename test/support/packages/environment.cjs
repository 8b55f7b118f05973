const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { FOLDER } = require('./folder.cjs');

/** Compiled once for all test files of a process. Each file runs it anew, so that they share no object. */
let script;

/** Node, where the prepared packages can be run. */
module.exports = class PackagesEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const filename = join(FOLDER, 'script.js');
    script ??= new Script(readFileSync(filename, 'utf8'), { filename });
    this.global.runPackages = (...scope) => script.runInContext(this.getVmContext())(...scope);
  }
};
