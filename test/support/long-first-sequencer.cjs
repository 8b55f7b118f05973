const { default: Sequencer } = require('@jest/test-sequencer');

/** Projects with the longest files, whose times their sizes do not tell: they wait for processes and browsers. */
const LONG = ['process', 'faults', 'console', 'workspace'];

/**
 * Orders as jest does, by the times of the run before. Where there was none it goes by the size of files, which leaves long
 * ones for the end, when only one core has work: then those of long projects come first.
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
