import { describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { useServer } from '../support/use-server.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const server = useServer();

/** Returns the commands of the README, for an administrator with this password. */
const commands = (password: string) =>
  new CommandsOnPage(
    '../README.md',
    {},
    { 'http://127.0.0.1:3000': server.client.baseUrl, '-u admin': `-u '${ADMIN.name}:${password}'` },
  );

describe('the README', () => {
  it('registers an API, and verifies a token', async () => {
    const output = await commands(ADMIN.password).run('/auth/verify');

    expect(output).toMatch(/^HTTP\/1\.1 200 /m);
    expect(output).toMatch(/^x-auth-user: invoice-bot\r?$/im);
  });

  it('logs in, bumps, reads the own account and logs out', async () => {
    const page = commands(ADMIN.password);

    const output = await page.run('/auth/bump');

    expect(output).toMatch(/^x-auth-token-expires: \d{4}-/im);
    expect(output).toMatch(/^\{"lastLoginTime":.*"name":"admin".*\{"success":true\}$/m);
    expect(page.notRun.filter((block) => !/^npm (?:ci|test)\b|\/auth\/verify/.test(block))).toEqual([]);
  });

  it('prints the error of a failed login', async () => {
    const output = await commands('not the password').run('/auth/bump');

    expect(output.split('\n')[0]).toContain('"code":"unauthenticated"');
  });
});
