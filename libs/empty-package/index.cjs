// The overrides in package.json start with `../..`: npm resolves them in the folder of the package that
// depends on this one, such as node_modules/tar-fs.
module.exports = {};
