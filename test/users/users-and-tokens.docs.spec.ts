import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { flushTokenUsage, useServer } from '../support/use-server.js';
import { responseOnPage, withPlaceholders } from '../support/docs/response-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGES = ['guides/users.md', 'guides/tokens.md', 'reference/requests.md'] as const;

const server = useServer();
let users: CommandsOnPage;
let tokens: CommandsOnPage;
let requests: CommandsOnPage;

/** Variables of the commands on all pages. */
const variables: Record<string, string> = {};

beforeAll(() => {
  const replacements = {
    'http://127.0.0.1:3000': server.client.baseUrl,
    '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
    // The page prints the error; the test needs the token.
    '|| echo "$TOKEN"': '&& echo "$TOKEN"',
  };
  users = new CommandsOnPage(PAGES[0], variables, replacements);
  tokens = new CommandsOnPage(PAGES[1], variables, replacements);
  requests = new CommandsOnPage(PAGES[2], variables, replacements);
});

const asAdmin = (): Headers => ({ 'X-Auth-Token': variables['TOKEN'] ?? '' });
const asRobot = (): Headers => ({ Authorization: `Bearer ${variables['SECRET']}` });
const idOfToken = () => variables['ID'] ?? '';

/** Runs the block that contains a text, and expects the response that the page shows. */
async function runAsShown(page: CommandsOnPage, containing: string): Promise<string> {
  const output = await page.run(containing);
  expect(withPlaceholders(output)).toMatch(responseOnPage(page.page, containing));
  return output;
}

/** Runs the block that contains a text, expects it to fail, and returns the problem that it prints. */
async function runRejected(containing: string): Promise<string> {
  const failure = await requests.run(containing).catch((error: unknown) => String(error));
  const [problem = ''] = /\{"type".*\}/.exec(failure) ?? [];
  return problem;
}

// Each step needs those before it.
describe(`docs: ${PAGES.join(', ')}`, () => {
  it('logs in', async () => {
    variables['TOKEN'] = (await users.run('/auth/login')).trim();

    expect((await server.client.me(asAdmin())).status).toBe(200);
  });

  it('creates a role and a service user', async () => {
    expect(await users.run('/roles')).toContain('"name":"helpdesk"');
    await runAsShown(users, '"kind": "service"');
  });

  it('shows who has a permission', async () => {
    const output = await users.run('permission=users:write');

    expect(output).toContain('"name":"admin"');
    expect(output).not.toContain('report-robot');
  });

  it('creates a token with its permissions only', async () => {
    const { id, token = '' } = JSON.parse(
      await runAsShown(tokens, '/users/report-robot/tokens'),
    ) as UserTokenDto;
    Object.assign(variables, { ID: id, SECRET: token, LAST_FOUR: token.slice(-4) });
    await runAsShown(tokens, 'Authorization: Bearer');

    const answers = await Promise.all(
      ['/users', '/roles'].map((path) => server.client.request('GET', path, { headers: asRobot() })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  });

  it('narrows the token', async () => {
    const narrowed = JSON.parse(await tokens.run('-X PATCH')) as UserTokenDto;

    expect(narrowed).toMatchObject({ id: idOfToken(), permissions: ['users:read'] });
  });

  it('creates and revokes a token of the own account', async () => {
    const { id, token } = JSON.parse(await runAsShown(tokens, '"my backup script"')) as UserTokenDto;
    Object.assign(variables, { OWN_ID: id, OWN_SECRET: token });

    await runAsShown(tokens, '"http://127.0.0.1:3000/tokens/$OWN_ID"');
  });

  it('shows the presented token', async () => {
    expect(await runAsShown(tokens, '/tokens/self')).toContain(idOfToken());
  });

  it('finds the token by its last four characters, and by the whole secret', async () => {
    expect(await runAsShown(tokens, '$LAST_FOUR')).toContain(idOfToken());
    expect(await runAsShown(tokens, '/auth/introspect')).toContain(idOfToken());
  });

  it('shows the usage of the token', async () => {
    await flushTokenUsage(server);

    await runAsShown(tokens, '/usage');
  });

  it('rotates the token, and shows uses of the old secret', async () => {
    const asBefore = asRobot();
    const { token = '' } = JSON.parse(await runAsShown(tokens, 'gracePeriodSeconds')) as UserTokenDto;
    const answers = [
      await server.client.me(asBefore),
      await server.client.me({ Authorization: `Bearer ${token}` }),
    ];
    await flushTokenUsage(server);

    await runAsShown(tokens, 'inGrace');

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(({ headers }) => headers.get('x-auth-token-superseded'))).toEqual(['true', null]);
  });

  it('gives the token a new expiry', async () => {
    const { expirationTime = '' } = JSON.parse(await tokens.run('expiresIn": 7776000')) as UserTokenDto;

    expect(Date.parse(expirationTime)).toBeGreaterThan(Date.now());
  });

  it('lists tokens by filters, and all as CSV', async () => {
    await runAsShown(requests, 'unusedSinceDays');
    await runAsShown(requests, 'text/csv');
  });

  it('changes a user with the current version only', async () => {
    await runAsShown(users, '--fail-with-body -sS -i');
    await runAsShown(users, 'Reports, nightly and weekly');

    expect(await runRejected('"version": 0')).toContain('"code":"conflict"');
  });

  it('counts the tokens that deleting a user revokes', async () => {
    await runAsShown(users, '"action": "delete"');

    expect((await server.client.token(idOfToken(), asAdmin())).status).toBe(200);
  });

  it('disables tokens in bulk after a dry run', async () => {
    await runAsShown(requests, '"dryRun"');
    expect((await server.client.token(idOfToken(), asAdmin())).body.enabled).toBe(true);

    await runAsShown(requests, '"expectedCount"');
    expect((await server.client.token(idOfToken(), asAdmin())).body.enabled).toBe(false);
  });

  it('revokes all tokens but the current one', async () => {
    await runAsShown(tokens, '"keepCurrent": true, "dryRun"');
    expect((await server.client.token(idOfToken(), asAdmin())).body.state).toBe('disabled');
    await runAsShown(tokens, '"keepCurrent": true}');

    const { state } = (await server.client.token(idOfToken(), asAdmin())).body;
    expect(state).toBe('revoked');
  });

  it('shows the history of a user', async () => {
    await runAsShown(users, '/audit-events');
  });

  it('shows an error', async () => {
    expect(withPlaceholders(await runRejected('stat=active'))).toMatch(
      responseOnPage(PAGES[2], 'stat=active'),
    );
  });

  it('has no other commands', () => {
    expect([users, tokens, requests].flatMap((page) => page.notRun)).toEqual([]);
  });
});
