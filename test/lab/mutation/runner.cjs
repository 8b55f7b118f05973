const { default: TestRunner } = require('jest-runner');
const { activeMutant, byReach } = require('./covering-specs.cjs');

/**
 * Runs only the specs that reach the mutant, until one fails. Stryker selects tests by name, for which Jest
 * would load every file.
 */
module.exports = class MutationRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const mutant = activeMutant();
    if (mutant === undefined) {
      return super.runTests(tests, watcher, options);
    }
    let isKilled = false;
    this.on('test-file-success', ([, { numFailingTests, testExecError }]) => {
      isKilled ||= numFailingTests > 0 || testExecError !== undefined;
    });
    this.on('test-file-failure', () => {
      isKilled = true;
    });
    for (const spec of byReach(mutant)) {
      const test = tests.find(({ path }) => path === spec);
      if (test && !isKilled) {
        await super.runTests([test], watcher, options);
      }
    }
  }
};
