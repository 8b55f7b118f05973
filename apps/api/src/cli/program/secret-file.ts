import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { CommandError } from '../command-error.js';
import { describeFileError } from './files.js';

/** Returns the option `--out`. @param what the secret, such as `the link`. */
export function outOption(what: string): Option {
  return new Option(
    '--out <file>',
    `write ${what} to this new file, which only its owner can read, instead of printing it`,
  ).argParser((file: string) => {
    if (file === '') {
      throw new InvalidArgumentError('Give the name of the new file.');
    }
    if (file === '-') {
      throw new InvalidArgumentError('Omit the option to print the secret.');
    }
    return file;
  });
}

/**
 * Issues a secret and writes it to a new file if one is given. Creates the file first: if that fails, no
 * secret is issued.
 *
 * @param secretOf returns the secret in the result.
 * @returns the result, and the path of the file.
 */
export async function issueTo<T>(
  file: string | undefined,
  issue: () => Promise<T>,
  secretOf: (issued: T) => string,
): Promise<{ issued: T; file?: string }> {
  if (file === undefined) {
    return { issued: await issue() };
  }
  const path = resolve(file);
  const descriptor = createPrivateFile(path, 'Choose another name, or delete the file first.');
  try {
    const issued = await issue();
    write(descriptor, path, `${secretOf(issued)}\n`);
    return { issued, file: path };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Creates a file that only its owner can read. Returns the file descriptor. Never opens an existing file or
 * the target of a link.
 */
export function createPrivateFile(path: string, adviceIfItExists: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw CommandError.of(describeCreateError(path, error, adviceIfItExists));
  }
}

function write(descriptor: number, path: string, text: string): void {
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    throw CommandError.of(
      `${path} cannot be written: ${describeFileError(error)}. The new secret is lost. Issue another one.`,
    );
  }
}

function describeCreateError(path: string, error: unknown, adviceIfItExists: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EEXIST':
      return `${path} already exists, and was not changed. ${adviceIfItExists}`;
    case 'ENOENT':
      return `The folder ${dirname(path)} does not exist. Create it first.`;
    default:
      return `${path} cannot be written: ${describeFileError(error)}.`;
  }
}
