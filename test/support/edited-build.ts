import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { MAIN } from './server-process.js';

/** Texts that occur exactly once in the bundled server, and their replacements. */
export type Edits = readonly (readonly [string, string])[];

const FOLDER = join(process.cwd(), 'dist/edited');
/** Folders beside the bundle from which it loads files. */
const LOADED = ['src', 'swagger-ui'];

/**
 * Creates a copy of the built server with changes that the released one has no switch for, and returns its file.
 *
 * @param base another edited build to copy.
 */
export function editedBuild(name: string, edits: Edits, base?: string): string {
  const folder = join(FOLDER, name.replaceAll(/\W+/g, '-'));
  const file = join(folder, 'bundle', 'main.js');
  mkdirSync(join(folder, 'bundle'), { recursive: true });
  for (const each of LOADED.filter((loaded) => !existsSync(join(folder, loaded)))) {
    symlinkSync(join(process.cwd(), 'dist/apps/api', each), join(folder, each));
  }
  const text = edits.reduce(
    (edited, [old, next]) => replaceOnce(edited, old, next, name),
    readFileSync(base ?? readableBuild(), 'utf8'),
  );
  write(file, (partial) => writeFileSync(partial, text));
  return file;
}

/** Returns the file of the server as one script with whitespace. It is built once for each build of the server. */
function readableBuild(): string {
  const file = join(FOLDER, 'readable.js');
  if (!existsSync(file) || statSync(file).mtimeMs < statSync(MAIN).mtimeMs) {
    write(file, (partial) => execFileSync(process.execPath, ['apps/api/build/bundle.mjs', partial]));
  }
  return file;
}

/** Writes a file atomically, because another worker may read it. */
function write(file: string, writeTo: (partial: string) => void): void {
  const partial = `${file}.${process.pid}`;
  writeTo(partial);
  renameSync(partial, file);
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
