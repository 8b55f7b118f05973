import { getSystemErrorMap } from 'node:util';
import { readFileSync } from 'node:fs';
import { type Readable } from 'node:stream';
import { CommandError } from '../command-error.js';

/**
 * Reads a secret from a file, or from standard input for `-`, without the line break that editors append.
 * Secrets are never arguments, because all users of the machine can see those.
 */
export async function readSecret(file: string, stdin: Readable): Promise<string> {
  try {
    const content = file === '-' ? Buffer.concat((await stdin.toArray()) as Buffer[]) : readFileSync(file);
    return content.toString('utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw CommandError.of(`${file} cannot be read: ${describeFileError(error)}.`);
  }
}

/** Describes why a file cannot be read. Omits the path, which the message of the system repeats. */
export function describeFileError(error: unknown): string {
  const { errno = 0, code, message } = error as NodeJS.ErrnoException;
  const [, sentence] = getSystemErrorMap().get(errno) ?? [];
  return sentence === undefined ? message : `${sentence} (${code})`;
}
