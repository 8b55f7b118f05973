import { chmodSync, lchownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reasonForDistrust } from './read-settings.js';

/** A file that belongs to root on all systems. */
const FILE_OF_ROOT = '/etc/passwd';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-settings-'));
  file = join(folder, '.env');
  writeFileSync(file, '', { mode: 0o644 });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('reasonForDistrust', () => {
  const OWN = process.getuid?.() ?? 0;

  /** Makes a file, or a link, appear to belong to another account. Only root can change the owner. */
  function giveAway(path: string): void {
    if (OWN === 0) {
      lchownSync(path, 1, 1);
    } else {
      jest.spyOn(process, 'getuid').mockReturnValue(OWN + 1);
    }
  }

  it('trusts a file of this account', () => {
    expect(reasonForDistrust(file)).toBeUndefined();
  });

  it('trusts a file of root', () => {
    jest.spyOn(process, 'getuid').mockReturnValue(OWN + 1);

    expect(reasonForDistrust(FILE_OF_ROOT)).toBeUndefined();
  });

  it('distrusts a file of another account', () => {
    giveAway(file);

    expect(reasonForDistrust(file)).toBe('it belongs to another account');
  });

  it('distrusts a link of another account to a file that it trusts', () => {
    const link = join(folder, 'link');
    symlinkSync(FILE_OF_ROOT, link);
    expect(reasonForDistrust(link)).toBeUndefined();

    giveAway(link);

    expect(reasonForDistrust(link)).toBe('it belongs to another account');
  });

  it.each([
    ['the group', 0o664],
    ['everybody', 0o646],
  ])('distrusts a file that %s can change', (_, mode) => {
    chmodSync(file, mode);

    expect(reasonForDistrust(file)).toBe('other accounts can change it');
  });
});
