// TypeScript, Node and the bundler find this file as `#sqlite`: see "imports" in package.json and decision
// 0001.

/** Version of Node-API that the binaries of better-sqlite3 13 need: Node 22.14 and later. */
const NODE_API = 10;
const MAJOR = '13';

const INSTALL_AGAIN = 'Run npm ci in the repository, or install Latchkey again into an empty folder.';

module.exports = driver();

/**
 * Returns the driver. Without one, returns a class that throws the reason, because only SQLite needs a
 * driver.
 */
function driver() {
  try {
    return Number(process.versions.napi) >= NODE_API
      ? withBinaries()
      : // better-sqlite3 12, which npm compiles during installation.
        require('@latchkey/sqlite-node20');
  } catch (error) {
    const reason =
      error.code === 'MODULE_NOT_FOUND'
        ? new Error(`npm did not install it for Node ${process.versions.node}. ${INSTALL_AGAIN}`)
        : error;
    return class MissingDriver {
      constructor() {
        throw reason;
      }
    };
  }
}

/**
 * Returns version 13, unless npm installed the packages with Node 20: its version 12 fails or aborts the
 * process here.
 */
function withBinaries() {
  let version = 'none';
  try {
    ({ version } = require('better-sqlite3/package.json'));
  } catch {
    // Not installed.
  }
  if (version.split('.')[0] !== MAJOR) {
    throw new Error(
      `Node ${process.versions.node} needs better-sqlite3 ${MAJOR}. Installed: ${version}. ${INSTALL_AGAIN}`,
    );
  }
  return require('better-sqlite3');
}
