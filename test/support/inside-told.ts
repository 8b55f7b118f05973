/** The folder that the server under test was started from, as a pattern. */
const HERE = process.cwd().replace(/\W/g, '\\$&');

const TRACES = [
  ...[String.raw`\n\s+at `, 'node_modules', String.raw`[\w/]+\.[jt]s:\d`, 'node:internal', 'typeorm'],
  ...[`${HERE}/`, '/(dist|apps|libs|tmp|home)/'],
  ...['SQLITE', 'SELECT ', 'INSERT INTO', 'UPDATE "', 'DELETE FROM', 'database disk image', 'disk is full'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOSPC'],
];

/** What gives the inside away in an answer: stack frames, paths of files, modules, SQL, what the system or a driver says. */
export const INSIDE = new RegExp(TRACES.join('|'), 'i');
