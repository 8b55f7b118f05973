import { describe, expect, it } from '@jest/globals';
import { type OAuthMetadataDto, type ProblemDto } from '@latchkey/auth-models';
import { TestServer } from '../support/test-server.js';

const PATH = '/.well-known/oauth-authorization-server';

async function metadataOn(environment: Record<string, string>) {
  const server = await TestServer.start({ environment });
  return server.client.request<OAuthMetadataDto & ProblemDto>('GET', PATH).finally(() => server.remove());
}

describe('the metadata of the authorization server', () => {
  it('has the public URL as its issuer, without an authorization endpoint', async () => {
    const { status, body } = await metadataOn({ LATCHKEY_PUBLIC_URL: 'https://auth.example.com/' });

    expect([status, body]).toEqual([
      200,
      {
        issuer: 'https://auth.example.com',
        introspection_endpoint: 'https://auth.example.com/auth/introspect',
        introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        revocation_endpoint: 'https://auth.example.com/auth/revoke',
        revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        response_types_supported: [],
        grant_types_supported: [],
        service_documentation: 'https://auth.example.com/docs',
      },
    ]);
  });

  it('is absent if the server listens on all addresses and has no public URL', async () => {
    const { status, body } = await metadataOn({ HOST: '0.0.0.0' });

    expect([status, body.detail]).toEqual([404, expect.stringContaining('Set LATCHKEY_PUBLIC_URL')]);
  });
});
