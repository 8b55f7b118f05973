import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from '../../../support/server-process.js';

/** A way in which a server breaks a promise. */
export interface Sabotage {
  /** What it does wrong. */
  name: string;
  /** Places of the bundled server, each of which there is once, and what stands there instead. */
  edits: readonly (readonly [string, string])[];
}

const FOLDER = join(process.cwd(), 'dist/faults');

/** Makes a server that does something wrong, and returns its file. What is delivered has no switch for that. */
export function sabotaged({ name, edits }: Sabotage): string {
  const folder = join(FOLDER, name.replaceAll(/\W+/g, '-'));
  const file = join(folder, 'bundle', 'main.js');
  mkdirSync(join(folder, 'bundle'), { recursive: true });
  // Files that lie beside modules are found from the bundle.
  if (!existsSync(join(folder, 'src'))) {
    symlinkSync(join(process.cwd(), 'dist/apps/api/src'), join(folder, 'src'));
  }
  const text = edits.reduce(
    (edited, [old, next]) => replaceOnce(edited, old, next, name),
    readFileSync(MAIN, 'utf8'),
  );
  // Another worker may be starting the same one.
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

function replaceOnce(text: string, old: string, next: string, name: string): string {
  const parts = text.split(old);
  if (parts.length !== 2) {
    throw new Error(`Sabotage "${name}": the built server has ${parts.length - 1} times ${old}`);
  }
  return parts.join(next);
}
