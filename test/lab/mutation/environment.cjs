const PackagesEnvironment = require('../../support/packages/environment.cjs');
const { activeMutant, record } = require('./covering-specs.cjs');

/**
 * The environment of unit specs, which also records the mutants that a spec file reaches. Stryker only knows
 * them per test.
 */
module.exports = class MutationEnvironment extends PackagesEnvironment {
  constructor(config, context) {
    super(config, context);
    this.spec = context.testPath;
  }

  async setup() {
    await super.setup();
    this.before = this.hits();
  }

  async teardown() {
    if (activeMutant() === undefined) {
      const hits = Object.entries(this.hits());
      record(
        this.spec,
        hits.filter(([mutant, count]) => count > (this.before[mutant] ?? 0)).map(([mutant]) => mutant),
      );
    }
    await super.teardown();
  }

  /** Returns how often each mutant was reached by this spec and earlier ones. */
  hits() {
    const { static: outside = {}, perTest = {} } = this.global.__stryker__?.mutantCoverage ?? {};
    const sums = {};
    for (const counts of [outside, ...Object.values(perTest)]) {
      for (const [mutant, count] of Object.entries(counts)) {
        sums[mutant] = (sums[mutant] ?? 0) + count;
      }
    }
    return sums;
  }
};
