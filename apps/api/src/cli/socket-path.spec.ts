import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandError } from './command-error.js';
import { createSocketFolder, withShortPath } from './socket-path.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-path-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('createSocketFolder', () => {
  it.each([
    // The path of the socket is 21 bytes longer.
    [82, true],
    [83, false],
    [142, false],
  ])('uses a temporary folder with a path of %i bytes: %s', (length, isUsed) => {
    const temporary = join(folder, 'x'.repeat(length - folder.length - 1));
    mkdirSync(temporary);

    const created = createSocketFolder('sock', temporary);

    const socketLength = join(created.path, 'sock').length;
    const mode = statSync(created.path).mode & 0o777;
    created.remove();
    expect([created.path.startsWith(`${temporary}/`), mode.toString(8)]).toEqual([isUsed, '700']);
    expect(socketLength).toBeLessThanOrEqual(103);
    expect(existsSync(created.path)).toBe(false);
  });

  it('states what to do when the folder cannot be created', () => {
    const temporary = join(folder, 'nowhere');

    expect(() => createSocketFolder('sock', temporary)).toThrow(
      CommandError.of(
        `No temporary folder can be created in ${temporary} (ENOENT). Set TMPDIR to a folder that this account can write to.`,
      ),
    );
  });
});

describe('withShortPath', () => {
  it('shortens a long path with a link, and removes the link', async () => {
    const long = join(folder, 'x'.repeat(100));
    mkdirSync(long);
    let short = '';

    await withShortPath(join(long, 'latchkey.sqlite.sock'), (path) => {
      short = path;
      mkdirSync(path);
      return Promise.resolve();
    });

    expect(short.length).toBeLessThanOrEqual(103);
    expect(readdirSync(long)).toEqual(['latchkey.sqlite.sock']);
    expect(existsSync(short)).toBe(false);
  });

  it('rejects a file name that is too long', async () => {
    const path = join(folder, `${'x'.repeat(100)}.sqlite.sock`);

    await expect(withShortPath(path, () => Promise.resolve())).rejects.toThrow(/shorter file name/);
  });
});
