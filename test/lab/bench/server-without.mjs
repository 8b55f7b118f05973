// Copies of the server that lack one thing, to measure what it costs.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { MAIN } from './server.mjs';

/**
 * Writes a copy of the server whose method returns at once. Delete it afterwards.
 *
 * @param {string} name of the copy
 * @param {string} method first line of the method in the bundle, such as `note(request) {`
 * @returns {string} its script
 */
export function serverWithout(name, method) {
  const copy = MAIN.replace('main.js', `main-without-${name}.js`);
  execFileSync(process.execPath, ['apps/api/build/bundle.mjs', copy]);
  const parts = readFileSync(copy, 'utf8').split(`  ${method}\n`);
  if (parts.length !== 2) {
    throw new Error(`Expected 1 method ${method} in the built server, found ${parts.length - 1}`);
  }
  writeFileSync(copy, parts.join(`  ${method}\nreturn;\n`));
  return copy;
}
