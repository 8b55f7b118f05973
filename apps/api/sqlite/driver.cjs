// TypeScript, Node and the bundler find this file as `#sqlite`: see "imports" in package.json and decision 0001.

/** Version of Node-API that the binaries of better-sqlite3 13 need: Node 22.14 and later. */
const NODE_API = 10;

module.exports =
  Number(process.versions.napi) >= NODE_API
    ? require('better-sqlite3')
    : // better-sqlite3 12, which npm compiles during installation.
      require('@latchkey/sqlite-node20');
