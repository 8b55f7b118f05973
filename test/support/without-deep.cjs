const { isDeep } = require('./only-deep.cjs');

/** Filter of `npm test` and `npm run test:unit`, for `jest --filter`. */
module.exports = (paths) => ({ filtered: paths.filter((path) => !isDeep(path)) });
