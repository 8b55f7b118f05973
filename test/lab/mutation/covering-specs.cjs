const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** In the copy of the code that Stryker makes: it goes with the run, and outlives its processes, which are ended now and then. */
const PATH = join(__dirname, 'covering-specs.json');

/** The mutant that is switched on; `undefined` in the first run of all specs, which tells what they reach. */
exports.activeMutant = () => process.env.__STRYKER_ACTIVE_MUTANT__;

/** The mutants that each spec reached, by its path. */
function read() {
  return existsSync(PATH) ? JSON.parse(readFileSync(PATH, 'utf8')) : {};
}

/** Notes which mutants a spec reached. */
exports.note = (spec, mutants) => writeFileSync(PATH, JSON.stringify({ ...read(), [spec]: mutants }));

/** The specs that reach a mutant. Those come first that reach fewest others: they are about it. */
exports.byReach = (mutant) =>
  Object.entries(read())
    .filter(([, mutants]) => mutants.includes(mutant))
    .sort(([, some], [, others]) => some.length - others.length)
    .map(([spec]) => spec);
