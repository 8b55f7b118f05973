// Loaded with --require by jest, its workers and the servers that tests start. By default, V8 optimizes
// functions so early that most processes end before that pays off. With this option, API tests take a seventh
// less processor time, and starts of servers a fifth less. Node 22 and later do not have it.
require('../../apps/api/bin/check-node.cjs');
const { setFlagsFromString } = require('node:v8');

if (process.version.startsWith('v20.')) {
  setFlagsFromString('--interrupt-budget=5000000');
}
