// Starts the next release: a copy of the bundle with more migrations. Each changes one table, so that its
// lock causes no deadlock with requests. It requires what the last release of this build requires, so that
// this build can run beside it. Without a bundle, a start takes a second more of processor time.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NEXT_MIGRATIONS } from './next-migrations.mjs';

const API = fileURLToPath(new URL('../../dist/apps/api/', import.meta.url));
const BUNDLE = join(API, 'bundle');
/** The bundle names its copies of these lists like their source. */
const LISTS = 'var MIGRATIONS=RELEASES';
/** Added to the chunk with the lists. */
const ADDITION = `
{
  const migrations = ${JSON.stringify(NEXT_MIGRATIONS)}.map(([name, ...statements]) => {
    const migration = class {
      async up(runner) {
        // Time for a test to kill the server between two migrations.
        await new Promise((done) => setTimeout(done, 50));
        for (const sql of statements) {
          await runner.query(sql);
        }
      }
    };
    Object.defineProperty(migration, 'name', { value: name });
    return migration;
  });
  MIGRATIONS.push(...migrations);
  RELEASES.push({ version: 'next', requires: RELEASES.at(-1).requires, migrations });
}
`;

/**
 * Returns the folder of the next release, and creates it at the first start after a build. It is beside the
 * bundle, which contains relative paths.
 */
function nextBundle() {
  // Names all chunks, which contain their digests.
  const main = readFileSync(join(BUNDLE, 'main.js'));
  const target = join(API, `next-${createHash('sha256').update(main).update(ADDITION).digest('hex')}`);
  if (!existsSync(target)) {
    const older = readdirSync(API).filter((name) => name.startsWith('next-'));
    older.forEach((name) => rmSync(join(API, name), { recursive: true, force: true }));
    createNext(target);
  }
  return target;
}

/** Copies the bundle, with the addition. Another process may do the same. */
function createNext(target) {
  mkdirSync(join(API, 'new'), { recursive: true });
  const folder = mkdtempSync(join(API, 'new/next-'));
  const files = readdirSync(BUNDLE).filter((name) => name.endsWith('.js'));
  files.forEach((name) => copyFileSync(join(BUNDLE, name), join(folder, name)));
  const [chunk, ...others] = files.filter((name) => readFileSync(join(BUNDLE, name), 'utf8').includes(LISTS));
  if (chunk === undefined || others.length > 0) {
    throw new Error(`Not exactly one file of ${BUNDLE} contains ${LISTS}.`);
  }
  appendFileSync(join(folder, chunk), ADDITION);
  try {
    renameSync(folder, target);
  } catch (error) {
    if (!existsSync(target)) {
      throw error;
    }
    rmSync(folder, { recursive: true });
  }
}

await import(pathToFileURL(join(nextBundle(), 'main.js')).href);
