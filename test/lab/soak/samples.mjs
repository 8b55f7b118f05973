import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import Database from '#sqlite';

const MEBIBYTE = 2 ** 20;

/** Measures a server on SQLite: memory, descriptors, write-ahead log and token rows. Linux only. */
export function sample({ child, folder }) {
  const file = `${folder}/latchkey.sqlite`;
  return {
    memoryMib: residentKibibytes(child) / 1_024,
    descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    walMib: existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size / MEBIBYTE : 0,
    ...countTokens(file),
  };
}

/** Returns the slope of the best-fitting line. */
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

/** Opens the database each time, because a permanent reader would prevent checkpoints. */
function countTokens(file) {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare('SELECT count(*) - count("endReason") AS sessions, count("endReason") AS revoked FROM tokens')
      .get();
  } finally {
    database.close();
  }
}
