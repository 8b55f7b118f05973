import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from '../../../support/server-process.js';

/** A deliberate bug in a server. */
export interface Sabotage {
  name: string;
  /** Texts that occur exactly once in the bundled server, and their replacements. */
  edits: readonly (readonly [string, string])[];
}

const FOLDER = join(process.cwd(), 'dist/faults');

/** Creates a server with a bug, and returns its file. The released server has no switch for it. */
export function sabotaged({ name, edits }: Sabotage): string {
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
      `Sabotage "${name}": expected 1 occurrence in the built server, found ${parts.length - 1}: ${old}`,
    );
  }
  return parts.join(next);
}
