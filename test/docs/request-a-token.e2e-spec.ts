import { beforeAll, describe, expect, it } from '@jest/globals';
import { type PageDto, type TokenRequestDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';
import { CommandsOnPage } from './commands-on-page.js';

const server = useServerProcess();
const environment: Record<string, string> = {};
let page: CommandsOnPage;

beforeAll(async () => {
  const { client } = server;
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const role = newRole({ permissions: ['users:read'] });
  await client.createRole(role, asAdmin);
  const { name } = newUser();
  await client.createUser({ name, password: PASSWORD, roles: [role.name] }, asAdmin);
  const asRequester = await client.loginHeaders(name, PASSWORD);
  environment.TOKEN = asAdmin['X-Auth-Token'] ?? '';
  environment.REQUESTER = asRequester['X-Auth-Token'] ?? '';
  page = new CommandsOnPage('guides/request-a-token.md', environment, {
    'http://127.0.0.1:3000': client.baseUrl,
  });
});

describe('docs/guides/request-a-token.md', () => {
  it('requests, approves and claims a token', async () => {
    await page.run('/token-templates');
    const { id } = JSON.parse(await page.run('"template": "backup"')) as TokenRequestDto;
    environment.ID = id;
    const { items } = JSON.parse(await page.run('status=pending')) as PageDto<TokenRequestDto>;
    await page.run('/approve');
    const token = JSON.parse(await page.run('/claim')) as UserTokenDto;

    expect(items).toMatchObject([{ id, reason: 'Backups of the shop' }]);
    expect((await server.client.users(tokenHeader(token))).status).toBe(200);
    expect(page.untried).toEqual([]);
  });
});
