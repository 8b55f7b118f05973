const { projects } = require('../../../jest.config.cjs');

/** The unit project, limited to the specs of the mutated folders. */
module.exports = async () => {
  const { preparePackages } = await import('../../support/packages/prepare.mjs');
  await preparePackages();
  const unit = projects.find(({ displayName }) => displayName === 'unit');
  return {
    ...unit,
    // Some mutants never finish.
    testTimeout: 10_000,
    testMatch: process.env.MUTATED_FOLDERS.split(',').map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
    // Stryker wraps this environment in its own, and does not resolve <rootDir>.
    testEnvironment: require.resolve('./environment.cjs'),
    runner: require.resolve('./runner.cjs'),
  };
};
