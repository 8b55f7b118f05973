const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * In Stryker's copy of the code: it outlives the processes, which Stryker restarts, and is deleted with the
 * run.
 */
const PATH = join(__dirname, 'covering-specs.json');

/**
 * Returns the active mutant. It is `undefined` in the first run of all specs, which records what they reach.
 */
exports.activeMutant = () => process.env.__STRYKER_ACTIVE_MUTANT__;

/** Reads the mutants that each spec reached, by path. */
function read() {
  return existsSync(PATH) ? JSON.parse(readFileSync(PATH, 'utf8')) : {};
}

/** Records the mutants that a spec reached. */
exports.record = (spec, mutants) => writeFileSync(PATH, JSON.stringify({ ...read(), [spec]: mutants }));

/** Returns the specs that reach a mutant, the most specific first: those that reach the fewest others. */
exports.byReach = (mutant) =>
  Object.entries(read())
    .filter(([, mutants]) => mutants.includes(mutant))
    .sort(([, some], [, others]) => some.length - others.length)
    .map(([spec]) => spec);
