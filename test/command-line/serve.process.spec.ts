import { type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../apps/api/src/common/version.js';
import { CommandProcess } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';

let folder: string;
let latchkey: CommandProcess;
let server: ChildProcessWithoutNullStreams | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-serve-'));
  latchkey = new CommandProcess({}, folder);
});

afterEach(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Runs `latchkey serve` and returns the line of the log that says that it is ready. */
async function serve(): Promise<{ address: string; version: string }> {
  server = latchkey.spawn(['serve']);
  for await (const line of createInterface(server.stdout)) {
    if (line.includes('Latchkey is ready')) {
      server.stdout.resume();
      return JSON.parse(line) as { address: string; version: string };
    }
  }
  throw new Error('The server did not start.');
}

describe('latchkey serve', () => {
  it('reads .env in the current folder, and stops with 0 on SIGINT', async () => {
    const port = await freePort();
    writeFileSync(join(folder, '.env'), `PORT=${port}\n`);

    const { address, version } = await serve();

    expect(version).toBe(VERSION);
    expect(address).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${address}/admin/`)).status).toBe(200);
    server?.kill('SIGINT');
    expect(await once(server ?? process, 'exit')).toEqual([0, null]);
  });

  it('reads the file given with --environment-file instead', async () => {
    writeFileSync(join(folder, '.env'), 'PORT=none\n');
    writeFileSync(join(folder, 'server.env'), 'LATCHKEY_SESSION_MAX_SECONDS=none\n');

    const { code, errors } = await latchkey.run(['serve', '--environment-file', 'server.env']);

    expect(code).toBe(1);
    expect(errors).toMatch(/^Latchkey cannot start\. LATCHKEY_SESSION_MAX_SECONDS: [^\n]*\n$/);
    expect(errors).not.toContain('PORT');
  });

  it('exits with one line when the file cannot be read', async () => {
    expect(await latchkey.run(['serve', '--environment-file', 'missing.env'])).toEqual({
      code: 1,
      output: '',
      errors: 'Latchkey cannot start. missing.env does not exist. Check the path.\n',
    });
  });

  it('is what npm start runs', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };

    expect(scripts.start).toBe('node --max-semi-space-size=16 apps/api/bin/latchkey.cjs serve');
  });
});
