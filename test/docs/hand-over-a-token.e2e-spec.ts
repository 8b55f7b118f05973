import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClaimLinkDto, type PageDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { CommandsOnPage } from './commands-on-page.js';

let folder: string;
let server: ServerProcess;
let page: CommandsOnPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  server = await ServerProcess.start(serverIn(folder));
  const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
  page = new CommandsOnPage(
    'guides/hand-over-a-token.md',
    { TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    { 'http://127.0.0.1:3000': server.client.baseUrl },
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

// In the order of the page: each step needs those before it.
describe('docs/guides/hand-over-a-token.md', () => {
  it('creates a link that its recipient uses once', async () => {
    const { link = '' } = JSON.parse(await page.run('/users/anna/claim-links')) as ClaimLinkDto;
    page.environment.SECRET = link.split('#')[1] ?? '';

    const token = JSON.parse(await page.run('/auth/claims')) as UserTokenDto;

    expect((await server.client.me(tokenHeader(token))).body.name).toBe('anna');
    expect((await server.client.claim(page.environment.SECRET)).body.code).toBe('claim_link_used');
  });

  it('lists the open links, and deletes one', async () => {
    const asAdmin = { 'X-Auth-Token': page.environment.TOKEN ?? '' };
    const { body } = await server.client.createClaimLink('anna', asAdmin);

    const { items } = JSON.parse(await page.run('state=open')) as PageDto<ClaimLinkDto>;
    page.environment.ID = items[0]?.id ?? '';
    await page.run('DELETE');

    expect(items.map(({ id }) => id)).toEqual([body.id]);
    expect((await server.client.claimLinks(asAdmin, '?state=open')).body.items).toEqual([]);
  });

  it('has no other commands', () => {
    expect(page.untried).toEqual([]);
  });
});
