import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathExists } from './path-exists.js';

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

describe('pathExists', () => {
  it.each([
    ['file', true],
    ['closed', true],
    ['absent', false],
    ['no/folder', false],
    ['file/below', false],
  ])('returns for %s: %p', (name, expected) => {
    expect(pathExists(join(folder, name))).toBe(expected);
  });

  it('throws for a path that this account may not read', () => {
    expect(() => pathExists(join(folder, 'closed', 'latchkey.sqlite'))).toThrow(
      /^This account has no access to .*\/latchkey\.sqlite\. Run the command as the account of the server\.$/,
    );
  });
});
