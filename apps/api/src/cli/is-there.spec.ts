import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isThere } from './is-there.js';

/** An account that may nothing; root reads a folder that is closed to all. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-there-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), isRoot ? 0o700 : 0);
  if (isRoot) {
    process.seteuid?.(NOBODY);
  }
});

afterAll(() => {
  if (isRoot) {
    process.seteuid?.(0);
  }
  rmSync(folder, { recursive: true });
});

describe('isThere', () => {
  it.each([
    ['file', true],
    ['closed', true],
    ['absent', false],
    ['no/folder', false],
    ['file/below', false],
  ])('tells of %s whether it is there: %p', (name, expected) => {
    expect(isThere(join(folder, name))).toBe(expected);
  });

  it('tells what this account may not look at from what is not there', () => {
    expect(() => isThere(join(folder, 'closed', 'latchkey.sqlite'))).toThrow(
      /^This account may not look whether there is .*\/latchkey\.sqlite: run this as the account that the server runs as\.$/,
    );
  });
});
