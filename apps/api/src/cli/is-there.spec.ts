import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isThere } from './is-there.js';

/** Id of an account without permissions. Root could read a folder of mode 0. */
const UNPRIVILEGED = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-there-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), isRoot ? 0o700 : 0);
  if (isRoot) {
    process.seteuid?.(UNPRIVILEGED);
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
  ])('returns for %s: %p', (name, expected) => {
    expect(isThere(join(folder, name))).toBe(expected);
  });

  it('throws for a path that this account may not read', () => {
    expect(() => isThere(join(folder, 'closed', 'latchkey.sqlite'))).toThrow(
      /^This account may not look whether there is .*\/latchkey\.sqlite: run this as the account that the server runs as\.$/,
    );
  });
});
