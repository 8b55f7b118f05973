import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type IntrospectionResponseDto,
  type OAuthMetadataDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
let page: CommandsOnPage;
let old: UserTokenDto;

beforeAll(async () => {
  const { client } = server;
  await client.createRole({ name: 'verifier', permissions: ['tokens:introspect'] }, asAdmin);
  await client.createUser({ name: 'orders-service', kind: 'service', roles: ['verifier'] }, asAdmin);
  const { body } = await client.createUserToken('orders-service', asAdmin);
  old = (await client.createUserToken('orders-service', asAdmin)).body;
  const variables = { AUTH_TOKEN: body.token ?? '', OLD_TOKEN: old.token ?? '', AUTH_URL: client.baseUrl };
  page = new CommandsOnPage('guides/oauth-clients.md', variables, {});
});

describe('docs/guides/oauth-clients.md', () => {
  it('introspects a token as an OAuth client', async () => {
    const answer = JSON.parse(await page.run('/auth/introspect')) as IntrospectionResponseDto;

    expect([answer.active, answer.client_id]).toEqual([true, 'orders-service']);
  });

  it('revokes a token', async () => {
    expect(await page.run('/auth/revoke')).toBe('');

    expect((await server.client.me(tokenHeader(old))).body.code).toBe('token_revoked');
  });

  it('discovers the endpoints', async () => {
    const metadata = JSON.parse(await page.run('/.well-known')) as OAuthMetadataDto;

    expect(metadata.introspection_endpoint).toBe(`${metadata.issuer}/auth/introspect`);
  });
});
