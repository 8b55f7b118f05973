import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeFileError } from './files.js';

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('No error was thrown');
}

describe('describeFileError', () => {
  it.each([
    ['/no/such/file', 'no such file or directory (ENOENT)'],
    ['/', 'illegal operation on a directory (EISDIR)'],
  ])('describes why %s cannot be read, without the path', (path, expected) => {
    expect(describeFileError(errorOf(() => readFileSync(path)))).toBe(expected);
  });

  it('returns the message of other errors unchanged', () => {
    expect(describeFileError(new Error('It is too long'))).toBe('It is too long');
  });
});
