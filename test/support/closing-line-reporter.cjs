const { appendFileSync, writeSync } = require('node:fs');

/**
 * Part of the title of a test that is skipped because a program is not installed:
 * `… needs nginx: apt-get install nginx`.
 */
const MISSING_PROGRAM = / needs \S+: /;

/**
 * Ends the output of a run with the line `N passed, M failed`. Skipped tests, todo tests and files that could
 * not run count as failed. Tests that need a missing program count as skipped, and are listed.
 */
module.exports = class ClosingLineReporter {
  constructor(globalConfig) {
    this.isFiltered = Boolean(globalConfig.testNamePattern);
    this.isWatching = globalConfig.watch || globalConfig.watchAll;
  }

  onRunComplete(_contexts, results) {
    const withoutProgram = this.isFiltered ? [] : testsWithoutProgram(results);
    // With -t all other tests are skipped on purpose.
    const left = this.isFiltered ? 0 : results.numPendingTests + results.numTodoTests - withoutProgram.length;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + left;
    const skipped = withoutProgram.length > 0 ? `, ${withoutProgram.length} skipped` : '';

    for (const { title } of withoutProgram) {
      writeSync(1, `\nNOT RUN: ${title}\n`);
    }
    if (left > 0) {
      this.error = new Error(`${left} tests are skipped or todo. Remove .skip, and write the missing tests.`);
    }
    if (!this.isWatching) {
      // At exit, when all other output has been written.
      process.once('exit', () => close(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
    }
  }

  /** Called by Jest at the end of a run, which fails if there is an error. */
  getLastError() {
    return this.error;
  }
};

function testsWithoutProgram(results) {
  return results.testResults
    .flatMap(({ testResults }) => testResults)
    .filter(({ status, title }) => status === 'pending' && MISSING_PROGRAM.test(title));
}

/**
 * Prints the line and adds it to the file that `.ci/run` sets, for the sum of its runs.
 */
function close(line) {
  writeSync(1, line);
  if (process.env.CLOSING_LINE_FILE) {
    appendFileSync(process.env.CLOSING_LINE_FILE, line);
  }
}
