import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';

const MEBIBYTE = 2 ** 20;

/** What a server on an SQLite file holds at the moment. Linux only. */
export function sample({ child, folder }) {
  const file = `${folder}/latchkey.sqlite`;
  return {
    memoryMib: residentKibibytes(child) / 1_024,
    descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    walMib: existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size / MEBIBYTE : 0,
    ...countTokens(file),
  };
}

/** How much a value grows in a unit of time: the slope of the line that fits best. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const time = mean(points.map(([x]) => x));
  const value = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - time) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - time) * (y - value), 0) / spread;
}

function residentKibibytes({ pid }) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

/** Opened each time: a reader that stayed would keep the log from being taken into the file. */
function countTokens(file) {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare(
        'SELECT count(*) - count("revocationTime") AS sessions, count("revocationTime") AS revoked FROM tokens',
      )
      .get();
  } finally {
    database.close();
  }
}
