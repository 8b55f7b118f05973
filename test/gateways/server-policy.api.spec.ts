import { describe, expect, it } from '@jest/globals';
import { HEADERS, ServerPolicyDto } from '@latchkey/auth-models';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { useServer } from '../support/use-server.js';

const PATH = '/.well-known/latchkey';

const server = useServer({ environment: { LATCHKEY_WRITE_LIMIT_PER_USER: undefined } });
const other = useServer({
  environment: {
    LATCHKEY_PUBLIC_URL: 'https://auth.example.com/',
    LATCHKEY_PASSWORD_MIN_LENGTH: '20',
    LATCHKEY_TOKEN_PREFIX: 'acme_corp_',
    LATCHKEY_SESSION_IDLE_SECONDS: '60',
    LATCHKEY_SESSION_MAX_SECONDS: '600',
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS: '3600',
    LATCHKEY_API_TOKEN_MAX_SECONDS: '7200',
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'true',
    LATCHKEY_API_TOKENS_PER_USER: '7',
    LATCHKEY_WRITE_LIMIT_PER_USER: '300',
  },
});

describe(`GET ${PATH}`, () => {
  it('returns the defaults as documented, without the name of the host', async () => {
    const [example = ''] = codeOnPage('reference/server-policy.md', 'json');
    const documented = JSON.parse(example.replace(', …', '')) as ServerPolicyDto;

    const { body } = await server.client.request<ServerPolicyDto>('GET', PATH);

    expect(documented).toMatchObject({ publicUrl: 'https://auth.example.com', version: '0.1.0' });
    expect(body).toEqual({
      ...documented,
      publicUrl: undefined,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      headers: expect.objectContaining(documented.headers),
    });
    expect(body.headers).toEqual(HEADERS);
  });

  it('returns the configured values', async () => {
    const { body } = await other.client.request<ServerPolicyDto>('GET', PATH);

    expect(body).toMatchObject({
      publicUrl: 'https://auth.example.com',
      tokenPrefix: 'acme_corp_',
      password: { minLength: 20, maxLength: 256, maxBytes: 1024, blocklist: true },
      sessions: { idleSeconds: 60, maxSeconds: 600 },
      apiTokens: { defaultSeconds: 3600, maxSeconds: 7200, noExpiry: true, perUser: 7 },
      limits: { writesPerDay: 300 },
    });
  });

  it('is valid, and has no other members than its class', async () => {
    const { body } = await other.client.request<object>('GET', PATH);

    const policy = plainToInstance(ServerPolicyDto, body);
    expect(validateSync(policy, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
  });

  it('names existing routes', async () => {
    const { body } = await server.client.request<ServerPolicyDto>('GET', PATH);
    const paths = server.routes.map((route) => route.split(' ')[1]);

    expect(paths).toEqual(expect.arrayContaining(Object.values(body.endpoints)));
  });

  it('may be cached, and returns 304 to a client that already has it', async () => {
    const { headers } = await server.client.request('GET', PATH);
    const etag = headers.get('etag') ?? '';

    const again = await server.client.request('GET', PATH, { headers: { 'If-None-Match': etag } });

    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect([headers, again.headers].map((each) => each.get('cache-control'))).toEqual([
      'no-cache',
      'no-cache',
    ]);
  });

  it('has another ETag for another policy', async () => {
    const etags = await Promise.all(
      [server, other].map(async ({ client }) => (await client.request('GET', PATH)).headers.get('etag')),
    );

    expect(new Set(etags).size).toBe(2);
  });

  it('rejects a query', async () => {
    expect((await server.client.request('GET', `${PATH}?x=1`)).status).toBe(400);
  });
});
