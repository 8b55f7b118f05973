import { getSystemErrorMap } from 'node:util';

/** Describes why a file cannot be read. Omits the path, which the message of the system repeats. */
export function describeFileError(error: unknown): string {
  const { errno = 0, code, message } = error as NodeJS.ErrnoException;
  const [, sentence] = getSystemErrorMap().get(errno) ?? [];
  return sentence === undefined ? message : `${sentence} (${code})`;
}
