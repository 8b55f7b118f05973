import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { checkAccount } from './check-account.js';

const OWN = process.getuid?.() ?? 0;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-account-'));
  writeFileSync(join(folder, 'there.sqlite'), '');
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('checkAccount', () => {
  it.each(['there.sqlite', 'absent.sqlite', 'no/folder/absent.sqlite'])('accepts the owner of %s', (name) => {
    expect(() => checkAccount(join(folder, name))).not.toThrow();
  });

  it.each(['there.sqlite', 'absent.sqlite'])('rejects an account that does not own %s', (name) => {
    jest.spyOn(process, 'getuid').mockReturnValue(OWN + 1);

    expect(() => checkAccount(join(folder, name))).toThrow(`sudo -u '#${OWN}'`);
  });
});
