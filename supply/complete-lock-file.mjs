// Adds to package-lock.json that better-sqlite3 13 is not to be compiled. npm reads this from the lock file,
// but does not write it there: without it, `npm ci` runs node-gyp, and removes the package on machines
// without Python or make.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'package-lock.json';
const PATH = 'node_modules/better-sqlite3';

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
if (lock.packages[PATH].gypfile !== false) {
  const { version, integrity, ...others } = lock.packages[PATH];
  lock.packages[PATH] = { version, integrity, gypfile: false, ...others };
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}
