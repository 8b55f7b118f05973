import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeReadError } from './read-error.js';

const denied = Object.assign(new Error(), { code: 'EACCES' });

describe('describeReadError', () => {
  const OWN = process.getuid?.() ?? 0;
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-read-'));
    file = join(folder, 'server.env');
    writeFileSync(file, '');
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('names the owner of a file that belongs to another account', () => {
    jest.spyOn(process, 'getuid').mockReturnValue(OWN + 1);

    expect(describeReadError(file, denied)).toBe(
      `${file} belongs to the account with uid ${OWN}, and this account may not read it. Use the account of the server, and make it the owner of the file`,
    );
  });

  it.each([
    ['a file of its own', () => file],
    ['a file in a folder that this account may not search', () => join(folder, 'absent')],
  ])('advises to change the mode of %s', (_, path) => {
    expect(describeReadError(path(), denied)).toBe(
      `${path()} may not be read by this account. Change the mode of the file, or of its folder`,
    );
  });

  it('describes other errors by their code', () => {
    expect(describeReadError(file, Object.assign(new Error(), { code: 'EIO' }))).toBe(
      `${file} cannot be read (EIO)`,
    );
  });
});
