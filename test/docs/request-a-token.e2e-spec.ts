import { beforeAll, describe, expect, it } from '@jest/globals';
import { type PageDto, type TokenRequestDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';
import { CommandsOnPage } from './commands-on-page.js';

const server = useServerProcess();
const environment: Record<string, string> = {};
let page: CommandsOnPage;

beforeAll(async () => {
  const { client } = server;
  page = new CommandsOnPage('guides/request-a-token.md', environment, {
    'http://127.0.0.1:3000': client.baseUrl,
    '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
    '-u berta': `-u 'berta:${PASSWORD}'`,
  });
  // Each block runs in a shell of its own.
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  environment.TOKEN = asAdmin['X-Auth-Token'] ?? '';
});

describe('docs/guides/request-a-token.md', () => {
  it('requests, approves and claims a token', async () => {
    const [, secret = ''] = /\/admin\/set-up\?name=[^#]+#([\w-]+)/.exec(await page.run('/set-up-link')) ?? [];
    await server.client.setUp({ secret, password: PASSWORD });
    await page.run('/token-templates');
    const { id } = JSON.parse(await page.run('"template": "backup"')) as TokenRequestDto;
    environment.ID = id;
    environment.REQUESTER = (await server.client.loginHeaders('berta', PASSWORD))['X-Auth-Token'] ?? '';
    const { items } = JSON.parse(await page.run('status=pending')) as PageDto<TokenRequestDto>;
    await page.run('/approve');
    const token = JSON.parse(await page.run('/claim')) as UserTokenDto;

    expect(items).toMatchObject([{ id, reason: 'Backups of the shop' }]);
    expect((await server.client.users(tokenHeader(token))).status).toBe(200);
    expect(page.untried).toEqual([]);
  });
});
