import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { answerOnPage, steady } from './answers-on-page.js';
import { CommandsOnPage } from './commands-on-page.js';

const PAGE = 'guides/users-and-tokens.md';

let folder: string;
let server: ServerProcess;
let page: CommandsOnPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  server = await ServerProcess.start(serverIn(folder));
  page = new CommandsOnPage(
    PAGE,
    {},
    {
      'http://127.0.0.1:3000': server.client.baseUrl,
      '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
      // The page prints the error; the test needs the token.
      '|| echo "$TOKEN"': '&& echo "$TOKEN"',
    },
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const asAdmin = (): Headers => ({ 'X-Auth-Token': page.environment['TOKEN'] ?? '' });
const asRobot = (): Headers => ({ Authorization: `Bearer ${page.environment['SECRET']}` });
const idOfToken = () => page.environment['ID'] ?? '';

/** Runs the block that contains a text, and expects the response that the page shows. */
async function runAsShown(containing: string): Promise<string> {
  const output = await page.run(containing);
  expect(steady(output)).toMatch(answerOnPage(PAGE, containing));
  return output;
}

/** Runs the block that contains a text, expects it to fail, and returns the problem that it prints. */
async function runRefused(containing: string): Promise<string> {
  const failure = await page.run(containing).catch((error: unknown) => String(error));
  const [problem = ''] = /\{"type".*\}/.exec(failure) ?? [];
  return problem;
}

/** Waits until the server has written a use of the token. */
async function waitUntilWritten(isWritten: () => Promise<boolean>): Promise<void> {
  while (!(await isWritten())) {
    await pause(50);
  }
}

// In the order of the page: each step needs those before it.
describe('docs/guides/users-and-tokens.md', () => {
  it('logs in', async () => {
    page.environment['TOKEN'] = (await page.run('/auth/login')).trim();

    expect((await server.client.me(asAdmin())).status).toBe(200);
  });

  it('creates a service user', async () => {
    await runAsShown('"kind": "service"');
  });

  it('creates a token with its permissions only', async () => {
    const { id, token = '' } = JSON.parse(await runAsShown('/users/report-robot/tokens')) as UserTokenDto;
    Object.assign(page.environment, { ID: id, SECRET: token, LAST_FOUR: token.slice(-4) });
    await runAsShown('Authorization: Bearer');

    const answers = await Promise.all(
      ['/users', '/roles'].map((path) => server.client.request('GET', path, { headers: asRobot() })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  });

  it('narrows the token', async () => {
    const narrowed = JSON.parse(await page.run('-X PATCH')) as UserTokenDto;

    expect(narrowed).toMatchObject({ id: idOfToken(), permissions: ['users:read'] });
  });

  it('creates, lists, verifies and revokes a token of the own account', async () => {
    const { id, token } = JSON.parse(await runAsShown('"my backup script"')) as UserTokenDto;
    Object.assign(page.environment, { OWN_ID: id, OWN_SECRET: token });

    expect(await runAsShown('" http://127.0.0.1:3000/me/tokens')).toContain(id);
    expect(await runAsShown('/auth/verify')).toContain(id);
    await runAsShown('"http://127.0.0.1:3000/tokens/$OWN_ID"');
  });

  it('shows the presented token', async () => {
    expect(await runAsShown('/tokens/self')).toContain(idOfToken());
  });

  it('finds the token by its last four characters, and by the whole secret', async () => {
    expect(await runAsShown('$LAST_FOUR')).toContain(idOfToken());
    expect(await runAsShown('/auth/introspect')).toContain(idOfToken());
  });

  it('shows the usage of the token', async () => {
    await waitUntilWritten(async () => {
      const { body } = await server.client.tokenUsage(idOfToken(), asAdmin());
      return body.permissions?.some(({ lastUseDate }) => lastUseDate !== undefined) ?? false;
    });

    await runAsShown('/usage');
  });

  it('rotates the token, and shows uses of the old secret', async () => {
    const asBefore = asRobot();
    const { token = '' } = JSON.parse(await runAsShown('gracePeriodSeconds')) as UserTokenDto;
    const answers = [
      await server.client.me(asBefore),
      await server.client.me({ Authorization: `Bearer ${token}` }),
    ];
    await waitUntilWritten(async () => {
      const { body } = await server.client.token(idOfToken(), asAdmin());
      return body.superseded?.lastUsageTime !== undefined;
    });

    await runAsShown('inGrace');

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(({ headers }) => headers.get('x-auth-token-superseded'))).toEqual(['true', null]);
  });

  it('gives the token a new expiry', async () => {
    const { expirationTime = '' } = JSON.parse(await page.run('expiresIn')) as UserTokenDto;

    expect(Date.parse(expirationTime)).toBeGreaterThan(Date.now());
  });

  it('lists tokens by filters, and all as CSV', async () => {
    await runAsShown('unusedSinceDays');
    await runAsShown('text/csv');
  });

  it('changes a user with the current version only', async () => {
    await runAsShown('--fail-with-body -sS -i');
    await runAsShown('Reports, nightly and weekly');

    expect(await runRefused('"version": 0')).toContain('"code":"conflict"');
  });

  it('counts the tokens that deleting a user revokes', async () => {
    await runAsShown('"action": "delete"');

    expect((await server.client.token(idOfToken(), asAdmin())).status).toBe(200);
  });

  it('disables tokens in bulk after a dry run', async () => {
    await runAsShown('"dryRun"');
    expect((await server.client.token(idOfToken(), asAdmin())).body.enabled).toBe(true);

    await runAsShown('"expectedCount"');
    expect((await server.client.token(idOfToken(), asAdmin())).body.enabled).toBe(false);
  });

  it('revokes all tokens but the current one', async () => {
    await runAsShown('"keepCurrent": true, "dryRun"');
    expect((await server.client.token(idOfToken(), asAdmin())).body.state).toBe('disabled');
    await runAsShown('"keepCurrent": true}');

    const { state } = (await server.client.token(idOfToken(), asAdmin())).body;
    expect(state).toBe('revoked');
  });

  it('shows the history of a user', async () => {
    await runAsShown('/audit-events');
  });

  it('shows an error', async () => {
    expect(steady(await runRefused('stat=active'))).toMatch(answerOnPage(PAGE, 'stat=active'));
  });

  it('has no other commands', () => {
    expect(page.untried).toEqual([]);
  });
});
