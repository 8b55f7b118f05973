import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TokenFile } from './token-file.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-token-file-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('TokenFile', () => {
  it('keeps the content of a later read when an earlier one ends after it', async () => {
    const path = join(folder, 'token');
    execFileSync('mkfifo', [path]);
    const file = new TokenFile(path);
    const earlier = file.read();
    // The pipe is open once the read has begun, and holds it up until the test writes.
    const pipe = await open(path, 'w');
    await writeFile(`${path}.new`, 'new');
    await rename(`${path}.new`, path);

    const later = await file.read();
    await pipe.write('old');
    await pipe.close();

    expect([later, await earlier, await file.read()]).toEqual(['new', 'new', 'new']);
  });
});
