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

/** Runs the three calls as an administrator with a password, and returns what they print. */
function threeCalls(password: string): Promise<string> {
  const page = new CommandsOnPage(
    '../README.md',
    {},
    { 'http://127.0.0.1:3000': server.client.baseUrl, '-u admin': `-u '${ADMIN.name}:${password}'` },
  );
  return page.run('/auth/bump');
}

describe('the three calls of the README', () => {
  it('log in, bump, ask who it is, and log out', async () => {
    const output = await threeCalls(ADMIN.password);

    expect(output).toMatch(/^\{"lastLoginTime":.*"name":"admin".*\{"success":true\}$/);
  });

  it('show what is wrong with the log-in', async () => {
    const output = await threeCalls('not the password');

    expect(output.split('\n')[0]).toContain('"code":"unauthenticated"');
  });
});
