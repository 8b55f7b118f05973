const { statSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Projects with the slowest files. They wait for processes and browsers, so their size says little about
 * their duration.
 */
const LONG = ['process', 'console'];

/** Beginnings of the names of the slowest files. The run would otherwise wait for one of them at its end. */
const LONGEST = [
  'features/add-a-feature.docs.deep',
  'packages/release.process.deep',
  'packages/libraries.process.deep',
  'server/runbook.docs.deep',
  'http/slow-clients.process.deep',
];

/** Size in bytes of a file that only runs a module, which holds the tests. */
const WRAPPER_MAX = 600;

/**
 * Sorts files by the durations of the previous run, like Jest. Without durations, Jest sorts by file size,
 * and slow files can come last and run alone; then the slowest files come first, then those that run a
 * module, and then those of slow projects.
 */
module.exports = class LongFirstSequencer extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) {
      return sorted;
    }
    const rank = ({ path, context }) => {
      if (LONGEST.some((name) => path.includes(`/test/${name}.`))) {
        return -1;
      }
      const project = projectOf(context);
      const isWrapper = project !== 'unit' && project !== 'admin' && statSync(path).size < WRAPPER_MAX;
      return isWrapper ? 0 : LONG.includes(project) ? 1 : 2;
    };
    return sorted.sort((one, other) => rank(one) - rank(other));
  }

  /**
   * Stores durations and failures of each project by itself. Jest finds the test of a result by its path
   * alone, and a `both` file is a test of two projects: a failure on PostgreSQL would be stored for SQLite,
   * and `--onlyFailures` would run the wrong one.
   */
  cacheResults(tests, results) {
    const { testResults } = results;
    const isNamed = new Set(
      testResults.map(({ displayName, testFilePath }) => keyOf(displayName?.name, testFilePath)),
    );
    for (const project of new Set(tests.map(({ context }) => projectOf(context)))) {
      super.cacheResults(
        tests.filter(({ context }) => projectOf(context) === project),
        {
          ...results,
          // A result has no project if the file could not run. Then it is of the projects without a result.
          testResults: testResults.filter(({ displayName, testFilePath }) =>
            displayName ? displayName.name === project : !isNamed.has(keyOf(project, testFilePath)),
          ),
        },
      );
    }
  }
};

const projectOf = ({ config }) => config.displayName.name;
const keyOf = (project, path) => `${project} ${path}`;
