const PackagesEnvironment = require('../../support/packages/environment.cjs');
const { activeMutant, note } = require('./covering-specs.cjs');

/** As all unit specs have it, and notes which mutants a spec reaches, which Stryker knows of each test but of no file. */
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
      note(
        this.spec,
        hits.filter(([mutant, count]) => count > (this.before[mutant] ?? 0)).map(([mutant]) => mutant),
      );
    }
    await super.teardown();
  }

  /** How often each mutant was reached so far, in this spec and those before it. */
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
