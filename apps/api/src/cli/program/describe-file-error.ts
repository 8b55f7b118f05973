import { getSystemErrorMap } from 'node:util';

/** Why a file cannot be read, without its path: the system's own message repeats that. */
export function describeFileError(error: unknown): string {
  const { errno = 0, code, message } = error as NodeJS.ErrnoException;
  const [, sentence] = getSystemErrorMap().get(errno) ?? [];
  return sentence === undefined ? message : `${sentence} (${code})`;
}
