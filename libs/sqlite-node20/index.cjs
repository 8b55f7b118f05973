const WANTED = '12.6.2';

let version;
try {
  ({ version } = require('better-sqlite3/package.json'));
} catch {
  // Not installed.
}
// Later versions crash the process here.
if (version !== WANTED) {
  throw new Error(
    `Node ${process.versions.node} needs better-sqlite3 ${WANTED}. Run npm install better-sqlite3@${WANTED}, or use Node 22.14 or later.`,
  );
}
module.exports = require('better-sqlite3');
