// Loaded with --require by jest and its workers. By default, V8 soon optimizes functions, although most test files end soon afterwards.
// Without that, API tests take a seventh less processor time. Node 22 and later do not have this option.
const { setFlagsFromString } = require('node:v8');

if (process.version.startsWith('v20.')) {
  setFlagsFromString('--interrupt-budget=5000000');
}
