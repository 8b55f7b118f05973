// Copies of the server that lack one thing, to measure what it costs.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { MAIN } from './server.mjs';

/**
 * Writes two copies of the server that are built alike: one whose method returns at once, and one without a change.
 *
 * @param {string} name of the copies
 * @param {string} method first line of the method in the bundle, such as `note(request) {`
 * @returns {{ without: string, complete: string, remove: () => void }} their scripts
 */
export function serverWithout(name, method) {
  const [without, complete] = ['without', 'with'].map((way) =>
    MAIN.replace('main.js', `main-${way}-${name}.js`),
  );
  execFileSync(process.execPath, ['apps/api/build/bundle.mjs', complete]);
  const parts = readFileSync(complete, 'utf8').split(`  ${method}\n`);
  if (parts.length !== 2) {
    throw new Error(`Expected 1 method ${method} in the built server, found ${parts.length - 1}`);
  }
  writeFileSync(without, parts.join(`  ${method}\nreturn;\n`));
  return { without, complete, remove: () => [without, complete].forEach((script) => rmSync(script)) };
}
