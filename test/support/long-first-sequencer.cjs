const { statSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Projects with the slowest files. They wait for processes and browsers, so their size says little about
 * their duration.
 */
const LONG = ['process', 'console'];

/** Size in bytes of a file that only runs a module, which holds the tests. */
const WRAPPER_MAX = 600;

/**
 * Sorts files by the durations of the previous run, like Jest. Without durations, Jest sorts by file size,
 * and slow files can come last and run alone; then files that run a module come first, and then those of slow
 * projects.
 */
module.exports = class LongFirstSequencer extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) {
      return sorted;
    }
    const rank = ({ path, context }) => {
      const project = context.config.displayName.name;
      const isWrapper = project !== 'unit' && project !== 'admin' && statSync(path).size < WRAPPER_MAX;
      return isWrapper ? 0 : LONG.includes(project) ? 1 : 2;
    };
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
};
