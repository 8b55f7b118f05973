import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { CommandsOnPage } from './commands-on-page.js';

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  server = await ServerProcess.start(serverIn(folder));
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Runs the first session as an administrator with this password, and returns its output. */
function firstSession(password: string): Promise<string> {
  const page = new CommandsOnPage(
    '../README.md',
    {},
    { 'http://127.0.0.1:3000': server.client.baseUrl, '-u admin': `-u '${ADMIN.name}:${password}'` },
  );
  return page.run('/auth/bump');
}

describe('the first session of the README', () => {
  it('logs in, bumps, reads the own account and logs out', async () => {
    const output = await firstSession(ADMIN.password);

    expect(output).toMatch(/^\{"lastLoginTime":.*"name":"admin".*\{"success":true\}$/);
  });

  it('prints the error of a failed login', async () => {
    const output = await firstSession('not the password');

    expect(output.split('\n')[0]).toContain('"code":"unauthenticated"');
  });
});
