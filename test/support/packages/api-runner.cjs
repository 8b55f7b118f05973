const { join } = require('node:path');
const { default: runTests } = require('jest-circus/runner');

const SCRIPT = join(process.env.LATCHKEYTEST_API, 'script.js');

/**
 * Runs a test file. Registers the source map of the API. Otherwise jest finds, parses and keeps it again for
 * each file, which costs 100 ms and 20 MB.
 */
module.exports = (globalConfig, config, environment, runtime, ...others) => {
  runtime.getSourceMaps().set(SCRIPT, `${SCRIPT}.map`);
  return runTests(globalConfig, config, environment, runtime, ...others);
};
