import { beforeAll, describe, expect, it } from '@jest/globals';
import { type OAuthErrorDto, type UserTokenDto } from '@latchkey/auth-models';
import { createTokenSecret } from '../../apps/api/src/platform/crypto/secrets.js';
import { basic, tokenHeader, type Headers } from '../support/api-client.js';
import { lookalikes, newUser, PASSWORD } from '../support/factories.js';
import { settleCanaries, useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

let user: string;
let session: UserTokenDto;

beforeAll(async () => {
  const { name } = newUser();
  await server.client.createUser(newUser({ name }), asAdmin);
  session = (await server.client.login(name, PASSWORD)).body;
  user = name;
});

const revoke = (headers: Headers, form: Record<string, string>) =>
  server.client.request<OAuthErrorDto | undefined>('POST', '/auth/revoke', {
    headers,
    body: new URLSearchParams(form),
  });

const createToken = async () => (await server.client.createMyToken(tokenHeader(session))).body;
const statusOf = async (token: UserTokenDto) => (await server.client.me(tokenHeader(token))).status;
const own = ({ token = '' }: UserTokenDto): Headers => ({ Authorization: basic(user, token) });

describe('POST /auth/revoke', () => {
  it('revokes the token that the client presents', async () => {
    const token = await createToken();

    const { status, text } = await revoke(own(token), {
      token: token.token ?? '',
      token_type_hint: 'access_token',
    });

    expect([status, text, await statusOf(token)]).toEqual([200, '', 401]);
  });

  it('revokes a token that authenticates in the form', async () => {
    const token = await createToken();
    const { token: secret = '' } = token;

    const { status } = await revoke({}, { client_id: user, client_secret: secret, token: secret });

    expect([status, await statusOf(token)]).toEqual([200, 401]);
  });

  it('revokes another token of the same user, and writes it to the audit trail', async () => {
    const token = await createToken();

    const { status } = await revoke(own(session), { token: token.token ?? '' });

    expect([status, await statusOf(token)]).toEqual([200, 401]);
    const query = `?subject=${token.id}&action=authn_token_revoked`;
    const { body } = await server.client.auditEvents(asAdmin, query);
    expect(body.items.map(({ actor }) => actor?.name)).toEqual([user]);
  });

  it('revokes a token of another user for an administrator', async () => {
    const token = await createToken();

    expect((await revoke(asAdmin, { token: token.token ?? '' })).status).toBe(200);
    expect(await statusOf(token)).toBe(401);
  });

  it('revokes a disabled token, and a token by its superseded secret', async () => {
    const disabled = await createToken();
    await server.client.updateToken(disabled.id, { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    const rotated = await createToken();
    const { body: current } = await server.client.rotateToken(rotated.id, tokenHeader(session), {
      gracePeriodSeconds: 60,
    });

    for (const { token = '' } of [disabled, rotated]) {
      expect((await revoke(own(session), { token })).status).toBe(200);
    }

    await server.client.updateToken(disabled.id, { enabled: true }, { ...asAdmin, 'If-Match': '*' });
    expect(await Promise.all([disabled, rotated, current].map(statusOf))).toEqual([401, 401, 401]);
  });

  it.each([
    ['no token', 'nonsense'],
    ['a damaged token', lookalikes(1)[0]!],
    ['an unknown token', createTokenSecret()],
  ])('returns 200 for %s', async (_, token) => {
    expect((await revoke(own(session), { token })).status).toBe(200);
  });

  it('returns 200 for a token that was revoked before', async () => {
    const token = await createToken();
    await revoke(own(session), { token: token.token ?? '' });

    expect((await revoke(own(session), { token: token.token ?? '' })).status).toBe(200);
  });

  it('rejects the token of another user', async () => {
    const { body: others } = await server.client.createMyToken(asAdmin);

    const { status, body } = await revoke(own(session), { token: others.token ?? '' });

    expect([status, body?.error, body?.code, await statusOf(others)]).toEqual([
      403,
      'insufficient_scope',
      'forbidden',
      200,
    ]);
  });

  it('raises the alarm for a canary', async () => {
    const { body: canary } = await server.client.createUserToken(user, asAdmin, { kind: 'canary' });

    expect((await revoke(own(session), { token: canary.token ?? '' })).status).toBe(200);

    await settleCanaries(server);
    const query = `?subject=${canary.id}&action=authn_canary_used`;
    expect((await server.client.auditEvents(asAdmin, query)).body.items).toHaveLength(1);
  });

  it('rejects a client without credentials with invalid_client', async () => {
    const { status, body } = await revoke({}, { token: session.token ?? '' });

    expect([status, body?.error]).toEqual([401, 'invalid_client']);
    expect(await statusOf(session)).toBe(200);
  });
});
