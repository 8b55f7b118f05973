const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** Resolves imports of the Angular packages to the prepared script. */
module.exports = (request, options) => {
  const file = /^(@angular\/|rxjs)/.test(request)
    ? join(process.env.LATCHKEYTEST_ANGULAR, `${request}.cjs`)
    : '';
  return file !== '' && existsSync(file) ? file : options.defaultResolver(request, options);
};
