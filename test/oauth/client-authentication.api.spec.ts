import { beforeAll, describe, expect, it } from '@jest/globals';
import { type OAuthErrorDto, type UserTokenDto } from '@latchkey/auth-models';
import { lookalikes, newRole, newUser, PASSWORD } from '../support/factories.js';
import { basic, tokenHeader, type Headers } from '../support/api-client.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** A service with a name that clients encode. */
const NAME = 'orders+eu@example.com';
const ENCODED = encodeURIComponent(NAME);

let secret: string;
let asService: Headers;
let subject: UserTokenDto;

beforeAll(async () => {
  const { client } = server;
  const role = newRole({ permissions: ['tokens:introspect'] });
  await client.createRole(role, asAdmin);
  await client.createUser({ name: NAME, kind: 'service', roles: [role.name] }, asAdmin);
  const { body } = await client.createUserToken(NAME, asAdmin);
  secret = body.token ?? '';
  asService = tokenHeader(body);
  const user = newUser();
  await client.createUser(user, asAdmin);
  subject = (await client.login(user.name, PASSWORD)).body;
});

type Form = Record<string, string> | string;

async function introspect(headers: Headers, form: Form = {}, query = '') {
  const body = new URLSearchParams(form);
  if (typeof form !== 'string') {
    body.set('token', subject.token ?? '');
  }
  const answer = await server.client.request<OAuthErrorDto & { active: boolean; client_id: string }>(
    'POST',
    `/auth/introspect${query}`,
    { headers, body },
  );
  return { ...answer, challenge: answer.headers.get('www-authenticate') };
}

const asBasic = (name: string, password: string, scheme = 'Basic'): Headers => ({
  Authorization: basic(name, password).replace('Basic', scheme),
});

describe('client authentication at POST /auth/introspect', () => {
  it.each<[string, () => [Headers, Form?]]>([
    ['Basic, encoded as RFC 6749 requires', () => [asBasic(ENCODED, encodeURIComponent(secret))]],
    ['Basic as curl sends it', () => [asBasic(NAME, secret)]],
    ['Basic in another case', () => [asBasic(ENCODED, secret, 'bASIC')]],
    ['Basic and the id in the form', () => [asBasic(ENCODED, secret), { client_id: NAME }]],
    ['the form', () => [{}, { client_id: NAME, client_secret: secret }]],
    [
      'a form with a charset',
      () => [
        { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' },
        { client_id: NAME, client_secret: secret },
      ],
    ],
    ['X-Auth-Token', () => [asService]],
    ['Bearer', () => [{ Authorization: `Bearer ${secret}` }]],
  ])('accepts %s', async (_, request) => {
    const { status, body } = await introspect(...request());

    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        active: true,
        username: subject.user,
        client_id: subject.user,
        token_type: 'Bearer',
      }),
    ]);
  });

  it.each<[string, string, () => [Headers, Form?]]>([
    ['a password', 'Basic', () => [asBasic('admin', PASSWORD)]],
    ['an empty secret', 'Basic', () => [asBasic(ENCODED, '')]],
    ['an empty id', 'Basic', () => [asBasic('', secret)]],
    ['a damaged token', 'Basic', () => [asBasic(ENCODED, lookalikes(1)[0]!)]],
    ['the name of another user', 'Basic', () => [asBasic('admin', secret)]],
    ['a name with a colon', 'Basic', () => [asBasic(`${ENCODED}%3A`, secret)]],
    ['a name with a broken escape', 'Basic', () => [asBasic('orders%', secret)]],
    ['a secret of 8 KiB', 'Basic', () => [asBasic(ENCODED, 'x'.repeat(8_192))]],
    ['no base64', 'Basic', () => [{ Authorization: 'Basic ???' }]],
    ['a password in the form', 'none', () => [{}, { client_id: 'admin', client_secret: PASSWORD }]],
    ['a secret without an id', 'none', () => [{}, { client_secret: secret }]],
    ['the secret of another user', 'none', () => [{}, { client_id: 'admin', client_secret: secret }]],
    ['an id without a secret', 'none', () => [{}, { client_id: NAME }]],
    ['no credentials', 'none', () => [{}]],
    ['an unknown token as X-Auth-Token', 'none', () => [{ 'X-Auth-Token': lookalikes(1)[0]! }]],
    ['an unknown token as Bearer', 'none', () => [{ Authorization: `Bearer ${lookalikes(1)[0]}` }]],
  ])('rejects %s with invalid_client, and the challenge %s', async (_, scheme, request) => {
    const { status, body, challenge, headers } = await introspect(...request());

    expect([status, body.error, body.code, headers.get('content-type')]).toEqual([
      401,
      'invalid_client',
      'unauthenticated',
      'application/json; charset=utf-8',
    ]);
    expect(body.traceId).toBe(headers.get('x-request-id'));
    expect(challenge?.split(' ')[0] ?? 'none').toBe(scheme);
  });

  it.each<[string, () => [Headers, Form?, string?]]>([
    ['Basic and X-Auth-Token', () => [{ ...asBasic(ENCODED, secret), ...asService }]],
    ['Basic and a secret in the form', () => [asBasic(ENCODED, secret), { client_secret: secret }]],
    ['X-Auth-Token and a secret in the form', () => [asService, { client_secret: secret }]],
    [
      'Bearer and a secret in the form',
      () => [{ Authorization: `Bearer ${secret}` }, { client_secret: secret }],
    ],
    ['client_secret in the query', () => [{}, {}, `?client_id=${ENCODED}&client_secret=x`]],
    [
      'client_secret twice',
      () => [{}, `client_id=${ENCODED}&client_secret=${secret}&client_secret=${secret}&token=x`],
    ],
    ['no token', () => [asBasic(ENCODED, secret), 'token=']],
    ['a token twice', () => [asService, 'token=x&token=y']],
    ['a body that is not UTF-8', () => [asService, 'token=%FF&api=???']],
  ])('rejects %s with invalid_request', async (_, request) => {
    const { status, body, challenge } = await introspect(...request());

    expect([status, body.status, body.error, challenge]).toEqual([400, 400, 'invalid_request', null]);
    expect(body.error_description).toBe((body.errors?.[0]?.message ?? body.detail).replaceAll('"', "'"));
  });

  it('rejects a form that is too large, of an unauthenticated client as well', async () => {
    const { status, body } = await introspect({}, { client_id: NAME, client_secret: 'x'.repeat(8_192) });

    expect([status, body.error, body.code]).toEqual([413, 'invalid_request', 'payload_too_large']);
  });

  it('rejects a client without the permission with insufficient_scope', async () => {
    const { status, body } = await introspect(asBasic(subject.user, subject.token ?? ''));

    expect([status, body.error, body.code]).toEqual([403, 'insufficient_scope', 'forbidden']);
  });

  it('rejects a client whose token was revoked', async () => {
    const { body: token } = await server.client.createUserToken(NAME, asAdmin);
    const headers = asBasic(ENCODED, token.token ?? '');
    expect((await introspect(headers)).status).toBe(200);
    await server.client.revokeToken(token.id, asAdmin);

    const { status, body } = await introspect(headers);

    expect([status, body.error, body.code]).toEqual([401, 'invalid_client', 'token_revoked']);
  });

  it('does not let Basic with a token open other routes', async () => {
    const headers = asBasic(NAME, secret);
    expect((await introspect(headers)).status).toBe(200);

    const { status, body } = await server.client.me(headers);

    expect([status, body.detail]).toEqual([401, expect.stringContaining('POST /auth/login only')]);
  });
});
