const loadConfig = require('../../../jest.config.cjs');

/** The unit project alone, and of that the specs of the folders that are mutated, for the runs of Stryker. */
module.exports = async () => {
  const { projects } = await loadConfig();
  const unit = projects.find(({ displayName }) => displayName === 'unit');
  return {
    ...unit,
    // What a mutant keeps waiting waits for ever.
    testTimeout: 10_000,
    testMatch: process.env.MUTATED_FOLDERS.split(',').map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
    // Stryker puts its own environment around this one, and knows no <rootDir>.
    testEnvironment: require.resolve('./environment.cjs'),
    runner: require.resolve('./runner.cjs'),
  };
};
