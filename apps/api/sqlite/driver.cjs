// TypeScript, Node and the bundler find this file as `#sqlite`: see "imports" in package.json and decision 0001.

/** Version of Node-API that the binaries of better-sqlite3 13 need: Node 22.14 and later. */
const NODE_API = 10;
const MAJOR = '13';

module.exports =
  Number(process.versions.napi) >= NODE_API
    ? driver()
    : // better-sqlite3 12, which npm compiles during installation.
      require('@latchkey/sqlite-node20');

/** Returns the driver, unless npm installed the packages with Node 20: its version 12 fails or aborts the process here. */
function driver() {
  let version = 'none';
  try {
    ({ version } = require('better-sqlite3/package.json'));
  } catch {
    // Not installed.
  }
  if (version.split('.')[0] !== MAJOR) {
    throw new Error(
      `Node ${process.versions.node} needs better-sqlite3 ${MAJOR}. Installed: ${version}. Run npm ci in the repository, or install Latchkey again into an empty folder.`,
    );
  }
  return require('better-sqlite3');
}
