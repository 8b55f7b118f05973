// Loaded with --require by jest, its workers and the servers that tests start.
require('../../apps/api/bin/check-node.cjs');
const { setFlagsFromString } = require('node:v8');

/**
 * Sets whether V8 optimizes functions late. By default, it does so early, and most processes end before that
 * pays off. Late, API tests take a seventh less processor time, and starts of servers a fifth less. Deep
 * tests take more, because some send thousands of requests. Node 22 and later do not have this option.
 */
module.exports.optimizeLate = (isLate) => {
  if (process.version.startsWith('v20.')) {
    // 67,584 is the default.
    setFlagsFromString(`--interrupt-budget=${isLate ? 5_000_000 : 67_584}`);
  }
};

module.exports.optimizeLate(true);
