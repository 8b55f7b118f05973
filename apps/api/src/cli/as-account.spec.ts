import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asAccount } from './as-account.js';

let folder: string;
let accounts: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-accounts-'));
  accounts = join(folder, 'passwd');
  writeFileSync(accounts, 'root:x:0:0:root:/root:/bin/bash\nlatchkey:x:997:997::/:/usr/sbin/nologin\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('asAccount', () => {
  it.each([
    [0, 'sudo …'],
    [997, 'sudo -u latchkey …'],
    [99, "sudo -u '#99' …"],
  ])('returns the command for the account %i', (uid, command) => {
    expect(asAccount(uid, accounts)).toBe(command);
  });

  it('returns the id when the accounts cannot be read', () => {
    expect(asAccount(997, join(folder, 'none'))).toBe("sudo -u '#997' …");
  });
});
