import { readFileSync } from 'node:fs';
import { CommandError } from '../command-failure.js';
import { describeFileError } from './describe-file-error.js';

/** Descriptor of standard input. */
const STANDARD_INPUT = 0;

/**
 * What a file holds but for the line end that editors put there; `-` is standard input. Secrets are never given as
 * arguments, which everybody on the machine can see.
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
