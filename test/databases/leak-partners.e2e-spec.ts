import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type ProblemDto, type UserTokenDto } from '@latchkey/auth-models';
import { createTokenSecret } from '../../apps/api/src/platform/crypto/secrets.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { lookalikes, newUser } from '../support/factories.js';
import { settleLeakReports, useAdmin, useServer } from '../support/use-server.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const IDENTIFIER = 'bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c';
const SECRET = 'a'.repeat(64);
const KEYS = {
  public_keys: [
    { key_identifier: IDENTIFIER, key: publicKey.export({ type: 'spki', format: 'pem' }), is_current: true },
  ],
};

const server = useServer({
  environment: { LATCHKEY_GITHUB_KEYS: JSON.stringify(KEYS, null, 2), LATCHKEY_GITLAB_SECRET: SECRET },
});
const asAdmin = useAdmin(server);

async function createToken(): Promise<UserTokenDto> {
  const user = newUser();
  await server.client.createUser(user, asAdmin);
  return (await server.client.createUserToken(user.name, asAdmin)).body;
}

async function post(path: string, body: string, headers: Headers) {
  const response = await fetch(`${server.client.baseUrl}/auth/report-leak/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  await settleLeakReports(server);
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

const signed = (body: string, key = privateKey, identifier = IDENTIFIER): Headers => ({
  'Github-Public-Key-Identifier': identifier,
  'Github-Public-Key-Signature': sign('sha256', Buffer.from(body), key).toString('base64'),
});

const codeOf = async (token: UserTokenDto) => (await server.client.me(tokenHeader(token))).body.code;

async function entriesOf({ id }: UserTokenDto) {
  return (await server.client.auditEvents(asAdmin, `?subject=${id}&action=authn_token_leaked`)).body.items;
}

describe('POST /auth/report-leak/github', () => {
  const reportOf = (...tokens: (string | undefined)[]) =>
    JSON.stringify(
      tokens.map((token) => ({
        token,
        type: 'latchkey_token',
        url: 'https://github.com/octocat/Hello-World/blob/1/foo.txt',
        source: 'content',
      })),
      null,
      1,
    );

  it('revokes the tokens of a signed report, and returns which are real', async () => {
    const token = await createToken();
    const unknown = createTokenSecret();
    const body = reportOf(token.token, unknown);

    const response = await post('github', body, signed(body));

    const feedback = (text = '', label: string) => ({
      token_hash: hash('sha256', text, 'hex'),
      token_type: 'latchkey_token',
      label,
    });
    expect(response).toEqual({
      status: 200,
      body: [feedback(token.token, 'true_positive'), feedback(unknown, 'false_positive')],
    });
    expect(await codeOf(token)).toBe('token_revoked');
    expect(await entriesOf(token)).toMatchObject([
      {
        actor: { id: 'leak-report' },
        after: { source: 'GitHub content', url: 'https://github.com/octocat/Hello-World/blob/1/foo.txt' },
      },
    ]);
  });

  it('does not distinguish a canary from an unknown token', async () => {
    const { body: canary } = await server.client.createMyToken(asAdmin, { kind: 'canary' });
    const body = reportOf(canary.token);

    const response = await post('github', body, signed(body));

    expect(response.body).toMatchObject([{ label: 'false_positive' }]);
  });

  it.each<[string, (body: string) => Headers]>([
    ['no signature', () => ({})],
    ['no identifier', (body) => ({ ...signed(body), 'Github-Public-Key-Identifier': '' })],
    ['an unknown identifier', (body) => signed(body, privateKey, 'f'.repeat(64))],
    ['the signature of another key', (body) => signed(body, otherKey)],
    ['the signature of another body', (body) => signed(`${body} `)],
    ['no signature in Base64', (body) => ({ ...signed(body), 'Github-Public-Key-Signature': 'x' })],
  ])('returns 401 without effect for %s', async (_, headersOf) => {
    const token = await createToken();
    const body = reportOf(token.token);

    const response = await post('github', body, headersOf(body));

    expect([response.status, (response.body as ProblemDto).code]).toEqual([401, 'unauthenticated']);
    expect(await codeOf(token)).toBeUndefined();
    expect(await entriesOf(token)).toEqual([]);
  });

  it.each(['{}', 'x', reportOf(...Array.from({ length: 1_001 }, () => createTokenSecret()))])(
    'returns 400 for a signed body that is no report, or too long: %.20s',
    async (body) => {
      expect((await post('github', body, signed(body))).status).toBe(400);
    },
  );

  it('accepts any number of lookalikes', async () => {
    const token = await createToken();
    const body = reportOf(...lookalikes(1_001), token.token);

    expect((await post('github', body, signed(body))).status).toBe(200);
    expect(await codeOf(token)).toBe('token_revoked');
  });

  it('ignores items and members of other types', async () => {
    const body = JSON.stringify([1, null, {}, { token: 5, type: {}, url: 'javascript:x', source: [] }]);

    const response = await post('github', body, signed(body));

    expect([response.status, response.body]).toMatchObject([200, [{ token_type: '' }, { token_type: '' }]]);
  });
});

describe('POST /auth/report-leak/gitlab', () => {
  const reportOf = ({ token }: UserTokenDto) =>
    JSON.stringify([
      {
        type: 'gitleaks_rule_id_latchkey-token',
        token,
        location: 'https://gitlab.example.com/a/-/blob/1/b#L1',
      },
    ]);

  it.each([SECRET, `Bearer ${SECRET}`])(
    'revokes the tokens of a report with the secret',
    async (authorization) => {
      const token = await createToken();

      const { status } = await post('gitlab', reportOf(token), { Authorization: authorization });

      expect(status).toBe(204);
      expect(await codeOf(token)).toBe('token_revoked');
      expect(await entriesOf(token)).toMatchObject([
        { after: { source: 'GitLab', url: 'https://gitlab.example.com/a/-/blob/1/b#L1' } },
      ]);
    },
  );

  it.each<Headers>([{}, { Authorization: 'a' }, { Authorization: `${SECRET}a` }])(
    'returns 401 without effect with %j',
    async (headers) => {
      const token = await createToken();

      expect((await post('gitlab', reportOf(token), headers)).status).toBe(401);
      expect(await codeOf(token)).toBeUndefined();
    },
  );

  it('accepts any number of lookalikes', async () => {
    const token = await createToken();
    const texts = [...lookalikes(1_001), token.token];
    const body = JSON.stringify(texts.map((text) => ({ token: text })));

    expect((await post('gitlab', body, { Authorization: SECRET })).status).toBe(204);
    expect(await codeOf(token)).toBe('token_revoked');
  });

  it('returns the types of findings to holders of the secret only', async () => {
    const typesFor = (headers: Headers) =>
      server.client.request<{ types: string[] }>('GET', '/auth/report-leak/gitlab/types', { headers });

    expect((await typesFor({ Authorization: SECRET })).body.types).toContain(
      'gitleaks_rule_id_latchkey-token',
    );
    expect((await typesFor({})).status).toBe(401);
  });
});

describe('without keys and secret', () => {
  const plain = useServer();

  it.each(['github', 'gitlab'])('rejects reports of %s', async (path) => {
    const { status } = await plain.client.request('POST', `/auth/report-leak/${path}`, {
      headers: { ...signed('[]'), Authorization: 'undefined' },
      body: [],
    });

    expect(status).toBe(401);
  });
});
