// Exits with one line if this version of Node is not supported. npm scripts run it too. ESLint rejects syntax
// here that is newer than ECMAScript 5, so that old versions can print the line.
var engines = require('../../../package.json').engines.node;

/** Supported releases: each with its oldest version, and whether all later releases are supported too. */
var releases = engines.split(' || ').map(function (range) {
  return { isOpen: range.indexOf('>=') === 0, oldest: range.replace(/^\D+/, '').split('.').map(Number) };
});

/** Whether a version is supported. */
function isSupported(version) {
  return releases.some(function (release) {
    var isRelease = release.isOpen ? version[0] >= release.oldest[0] : version[0] === release.oldest[0];
    return isRelease && (version[0] > release.oldest[0] || isAtLeast(version, release.oldest));
  });
}

/** Compares versions of the same release. */
function isAtLeast(version, oldest) {
  return version[1] > oldest[1] || (version[1] === oldest[1] && version[2] >= oldest[2]);
}

if (!isSupported(process.versions.node.split('.').map(parseFloat))) {
  var names = releases.map(function (release) {
    var since =
      release.oldest[1] > 0 ? ' (' + release.oldest[0] + '.' + release.oldest[1] + ' or later)' : '';
    return release.oldest[0] + since + (release.isOpen ? ' or later' : '');
  });
  process.stderr.write(
    'Latchkey does not run on Node ' +
      process.versions.node +
      '. Install one of these versions: ' +
      names.join(', ') +
      '.\n'
  );
  process.exit(1);
}
