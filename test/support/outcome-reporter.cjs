const { appendFileSync, writeSync } = require('node:fs');
const { relative } = require('node:path');

/**
 * Part of the title of a test that is skipped because a program is not installed:
 * `… needs nginx: apt-get install nginx`.
 */
const MISSING_PROGRAM = / needs (\S+: .*)$/;

/** Number of files in the table. A run of fewer files prints none. */
const SLOWEST = 10;

/**
 * Prints the slowest files, the tests that were skipped because a program is missing, and as the last line
 * `N passed, M failed`. Other skipped tests, todo tests and files that could not run count as failed.
 */
module.exports = class OutcomeReporter {
  constructor({ testNamePattern, watch, watchAll, rootDir }) {
    this.isFiltered = Boolean(testNamePattern);
    this.isWatching = watch || watchAll;
    this.rootDir = rootDir;
  }

  onRunComplete(_contexts, results) {
    if (this.isWatching) {
      return;
    }
    const withoutProgram = this.isFiltered ? [] : testsWithoutProgram(results);
    // With -t all other tests are skipped on purpose.
    const left = this.isFiltered ? 0 : results.numPendingTests + results.numTodoTests - withoutProgram.length;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = withoutProgram.length > 0 ? `, ${withoutProgram.length} skipped` : '';

    const lines = [...this.slowest(results), ...missingPrograms(withoutProgram)];
    if (left > 0) {
      this.error = new Error(
        `${left} tests are skipped or todo. Remove .skip and .only, and write the todo tests.`,
      );
      // Jest does not print the error of a reporter.
      lines.push('', this.error.message);
    }
    if (process.env.CLOSING_LINE_FILE) {
      // `.ci/run` adds its runs up. It only repeats tests that ran.
      const files = `${results.numFailedTestSuites} of ${results.testResults.length} files`;
      appendFileSync(
        process.env.CLOSING_LINE_FILE,
        `${results.numPassedTests} passed, ${failed} failed, ${files}\n0 passed, ${left} failed\n`,
      );
    }
    lines.push('', `${results.numPassedTests} passed, ${failed + left} failed${skipped}`);
    // At exit, when all other output has been written.
    process.once('exit', () => print(`${lines.join('\n')}\n`));
  }

  /** Called by Jest at the end of a run, which fails if there is an error. */
  getLastError() {
    return this.error;
  }

  slowest({ testResults }) {
    if (testResults.length <= SLOWEST) {
      return [];
    }
    const files = testResults
      .map(({ testFilePath, perfStats, displayName }) => ({
        seconds: (perfStats.end - perfStats.start) / 1_000,
        title: `${displayName?.name ?? ''} ${relative(this.rootDir, testFilePath)}`,
      }))
      .sort((one, other) => other.seconds - one.seconds)
      .slice(0, SLOWEST);
    return [
      '',
      'Slowest files:',
      ...files.map(({ seconds, title }) => `${seconds.toFixed(1).padStart(7)} s  ${title}`),
    ];
  }
};

/**
 * Writes all of a text to the standard output, which may be a full pipe. Node sets it to non-blocking, so one
 * call of `writeSync` can write a part, or fail with EAGAIN.
 */
function print(text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function testsWithoutProgram(results) {
  return results.testResults
    .flatMap(({ testResults }) => testResults)
    .filter(({ status, title }) => status === 'pending' && MISSING_PROGRAM.test(title));
}

/** Returns the missing programs, each with how to install it and the tests that need it. */
function missingPrograms(tests) {
  const titles = new Map();
  for (const { title } of tests) {
    const [end, program] = MISSING_PROGRAM.exec(title);
    titles.set(program, [...(titles.get(program) ?? []), `    ${title.slice(0, -end.length)}`]);
  }
  const lines = [...titles].flatMap(([program, its]) => [`  ${program}`, ...its]);
  return lines.length > 0 ? ['', 'Skipped, because these are missing:', ...lines] : [];
}
