const { writeFileSync, writeSync } = require('node:fs');

/**
 * The title of a test that is skipped because a program is not installed says so:
 * `… needs nginx: apt-get install nginx`.
 */
const LACKS_A_PROGRAM = / needs \S+: /;

/**
 * Ends the output of a run with one line, `N passed, M failed`, for whoever reads nothing else.
 * Skipped and unwritten tests count as failed, and so does a file that could not run: nothing is left out in silence.
 * Only what lacks a program of the system counts as skipped, and is named.
 */
module.exports = class ClosingLineReporter {
  constructor(globalConfig) {
    this.isFiltered = Boolean(globalConfig.testNamePattern);
    this.isWatching = globalConfig.watch || globalConfig.watchAll;
  }

  onRunComplete(_contexts, results) {
    const lacking = this.isFiltered ? [] : testsLackingAProgram(results);
    // With -t everything else is skipped on purpose.
    const left = this.isFiltered ? 0 : results.numPendingTests + results.numTodoTests - lacking.length;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + left;
    const skipped = lacking.length > 0 ? `, ${lacking.length} skipped` : '';

    for (const { title } of lacking) {
      writeSync(1, `\nNOT RUN: ${title}\n`);
    }
    if (left > 0) {
      this.error = new Error(`${left} tests were skipped or are still to be written.`);
    }
    if (!this.isWatching) {
      // Only at exit has everything else been written.
      process.once('exit', () => close(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
    }
  }

  /** Jest asks for this when a run is over, and fails the run if there is one. */
  getLastError() {
    return this.error;
  }
};

function testsLackingAProgram(results) {
  return results.testResults
    .flatMap(({ testResults }) => testResults)
    .filter(({ status, title }) => status === 'pending' && LACKS_A_PROGRAM.test(title));
}

/** Writes the line, and for `.ci/run` into the file it names, so that it need not close in our place. */
function close(line) {
  writeSync(1, line);
  if (process.env.CLOSING_LINE_FILE) {
    writeFileSync(process.env.CLOSING_LINE_FILE, line);
  }
}
