const isDeep = (path) => path.endsWith('.deep.spec.ts');

/**
 * Filter of `npm run test:deep`, for `jest --filter`. Unlike a path pattern, it also applies to the paths on
 * the command line.
 */
module.exports = (paths) => ({ filtered: paths.filter(isDeep) });
module.exports.isDeep = isDeep;
