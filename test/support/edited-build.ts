import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from './server-process.js';

/** Texts that occur exactly once in the bundled server, and their replacements. */
export type Edits = readonly (readonly [string, string])[];

const FOLDER = join(process.cwd(), 'dist/edited');

/** Creates a copy of the built server with changes that the released one has no switch for, and returns its file. */
export function editedBuild(name: string, edits: Edits): string {
  const folder = join(FOLDER, name.replaceAll(/\W+/g, '-'));
  const file = join(folder, 'bundle', 'main.js');
  mkdirSync(join(folder, 'bundle'), { recursive: true });
  // The bundle loads files beside the compiled modules.
  if (!existsSync(join(folder, 'src'))) {
    symlinkSync(join(process.cwd(), 'dist/apps/api/src'), join(folder, 'src'));
  }
  const text = edits.reduce(
    (edited, [old, next]) => replaceOnce(edited, old, next, name),
    readFileSync(MAIN, 'utf8'),
  );
  // Atomically, because another worker may start the same server.
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

function replaceOnce(text: string, old: string, next: string, name: string): string {
  const parts = text.split(old);
  if (parts.length !== 2) {
    throw new Error(
      `Edit "${name}": expected 1 occurrence in the built server, found ${parts.length - 1}: ${old}`,
    );
  }
  return parts.join(next);
}
