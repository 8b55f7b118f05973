import { beforeAll, describe, expect, it } from '@jest/globals';
import { type OfferDto, type PageDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { useServer } from '../support/use-server.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const server = useServer();
const environment: Record<string, string> = {};
let page: CommandsOnPage;

beforeAll(async () => {
  const { client } = server;
  page = new CommandsOnPage('guides/hand-out-a-token.md', environment, {
    'http://127.0.0.1:3000': client.baseUrl,
    '-u berta': `-u 'berta:${PASSWORD}'`,
  });
  // Each block runs in a shell of its own.
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  environment.TOKEN = asAdmin['X-Auth-Token'] ?? '';
  await client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
});

// In the order of the page: each step needs those before it.
describe('docs/guides/hand-out-a-token.md', () => {
  it('creates a link that its recipient uses once', async () => {
    const { link = '' } = JSON.parse(await page.run('/users/anna/offers')) as OfferDto;
    environment.SECRET = link.split('#')[1] ?? '';

    const token = JSON.parse(await page.run('/auth/claims')) as UserTokenDto;

    expect((await server.client.me(tokenHeader(token))).body.name).toBe('anna');
    expect((await server.client.claim(environment.SECRET)).body.code).toBe('offer_claimed');
  });

  it('requests, approves and claims a token', async () => {
    const [, secret = ''] = /\/admin\/set-up\?name=[^#]+#([\w-]+)/.exec(await page.run('/set-up-link')) ?? [];
    await server.client.setUp({ secret, password: PASSWORD });
    const { id } = JSON.parse(await page.run('"template": "backup"')) as OfferDto;
    environment.ID = id;
    environment.REQUESTER = (await server.client.loginHeaders('berta', PASSWORD))['X-Auth-Token'] ?? '';

    expect(await page.run('/approve')).toContain('Backups of the shop');

    const token = JSON.parse(await page.run('/claim"')) as UserTokenDto;
    expect((await server.client.users(tokenHeader(token))).status).toBe(200);
  });

  it('lists the open offers, and revokes one', async () => {
    const asAdmin = { 'X-Auth-Token': environment.TOKEN ?? '' };
    const { body } = await server.client.createOffer('anna', asAdmin);

    const { items } = JSON.parse(await page.run('state=offered')) as PageDto<OfferDto>;
    environment.ID = items[0]?.id ?? '';
    await page.run('DELETE');

    expect(items.map(({ id }) => id)).toEqual([body.id]);
    expect((await server.client.offers(asAdmin, '?state=offered')).body.items).toEqual([]);
  });

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
  });
});
