import { readFileSync } from 'node:fs';
import { CommandError } from '../command-error.js';
import { describeFileError } from './describe-file-error.js';

const STANDARD_INPUT = 0;

/**
 * Reads a secret from a file, or from standard input for `-`, without the line break that editors append. Secrets are
 * never arguments, because all users of the machine can see those.
 *
 * @throws CommandError
 */
export function readSecret(file: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw CommandError.of(`${file} cannot be read: ${describeFileError(error)}.`);
  }
}
