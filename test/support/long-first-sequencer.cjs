const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Projects with the slowest files. They wait for processes and browsers, so their size says little about
 * their duration.
 */
const LONG = ['process', 'console'];

/** The slowest files. The run would otherwise wait for one of them at its end. */
const LONGEST = [
  'features/add-a-feature.docs.deep.spec.ts',
  'packages/release.process.deep.spec.ts',
  'packages/libraries.process.deep.spec.ts',
  'server/runbook.docs.deep.spec.ts',
  'http/slow-clients.process.deep.spec.ts',
].map((name) => join(__dirname, '..', name));

const renamed = LONGEST.filter((path) => !existsSync(path));
if (renamed.length > 0) {
  throw new Error(`Update LONGEST in ${__filename}. These files do not exist: ${renamed.join(', ')}`);
}

/** Declaration of a test. Files without one only import a module with tests. */
const TEST = /\bit(\.\w+)*[(<]/;

/**
 * Sorts files by the durations of the previous run, like Jest. Without durations, Jest sorts by file size,
 * and slow files can come last and run alone. Then the slowest files come first, then those that import a
 * module with tests, and then those of slow projects.
 */
module.exports = class LongFirstSequencer extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) {
      return sorted;
    }
    const rank = ({ path, context }) => {
      if (LONGEST.includes(path)) {
        return -1;
      }
      return !TEST.test(readFileSync(path, 'utf8')) ? 0 : LONG.includes(projectOf(context)) ? 1 : 2;
    };
    const ranks = new Map(sorted.map((test) => [test, rank(test)]));
    return sorted.sort((one, other) => ranks.get(one) - ranks.get(other));
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
          // A result has no project if the file could not run. It is then stored for each project that has
          // no other result.
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
