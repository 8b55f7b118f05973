import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from '@jest/globals';
import { Operations } from '@latchkey/client';
import { OPERATION_IDS } from '../routes.js';

const FILE = 'libs/client/src/operations/operations.ts';
const folder = mkdtempSync(join(tmpdir(), 'latchkey-operations-'));

afterAll(() => rmSync(folder, { recursive: true }));

it('matches the OpenAPI document. If it does not, run node libs/client/generate-operations.mjs', async () => {
  const generated = join(folder, 'operations.ts');
  await promisify(execFile)(process.execPath, ['libs/client/generate-operations.mjs', generated]);

  expect(readFileSync(generated, 'utf8')).toBe(readFileSync(FILE, 'utf8'));
});

it('has a method for every operation', () => {
  const names = Object.getOwnPropertyNames(Operations.prototype);

  // Only the verifier reads the revocation feed, which does not end.
  const ids = OPERATION_IDS.map((entry) => entry.split(':')[0]).filter((id) => id !== 'followRevocations');
  expect(names).toEqual(expect.arrayContaining(ids));
});
