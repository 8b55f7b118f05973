import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { asAccount } from './as-account.js';
import { checkAccount, pathExists } from './database-file.js';

let folder: string;

describe('checkAccount', () => {
  const OWN = process.getuid?.() ?? 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-account-'));
    writeFileSync(join(folder, 'there.sqlite'), '');
  });

  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it.each(['there.sqlite', 'absent.sqlite', 'no/folder/absent.sqlite'])('accepts the owner of %s', (name) => {
    expect(() => checkAccount(join(folder, name))).not.toThrow();
  });

  it.each(['there.sqlite', 'absent.sqlite'])('rejects an account that does not own %s', (name) => {
    jest.spyOn(process, 'getuid').mockReturnValue(OWN + 1);

    expect(() => checkAccount(join(folder, name))).toThrow(asAccount(OWN));
  });
});

describe('pathExists', () => {
  /** Id of an account without permissions. Root could read a folder of mode 0. */
  const UNPRIVILEGED = 65_534;
  const isRoot = process.getuid?.() === 0;

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
