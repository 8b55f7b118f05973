const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Projects with the slowest files. They wait for processes and browsers, so their size says little about
 * their duration.
 */
const LONG = ['process', 'console'];

/**
 * Sorts files by the durations of the previous run, like Jest. Without durations, Jest sorts by file size,
 * and slow files can come last and run alone; then the files of slow projects come first.
 */
module.exports = class LongFirstSequencer extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) {
      return sorted;
    }
    const isLong = ({ context }) => LONG.includes(context.config.displayName.name);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
