import { beforeAll, describe, expect, it } from '@jest/globals';
import { createVerifier, type VerificationError } from '@latchkey/client/verifier';
import {
  type ExplanationDto,
  type ExplanationListDto,
  type ExplanationQueryDto,
  type UpdateTokenDto,
  type ProblemDto,
} from '@latchkey/auth-models';
import { randomUUID } from 'node:crypto';
import { createTokenSecret } from '../../apps/api/src/platform/crypto/secrets.js';
import { basic, tokenHeader, type Headers } from '../support/api-client.js';
import { newApi, newRole, PASSWORD } from '../support/factories.js';
import { REJECTING, type RejectingServer } from '../support/rejected-requests.js';
import { settleCanaries, useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer({ environment: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.9' } });
const asAdmin = useAdmin(server);
const { createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);

const api = newApi('read');
const permission = `${api.name}:read`;
const role = newRole({ permissions: [permission] });

beforeAll(async () => {
  await server.client.createApi(api, asAdmin);
  await server.client.createRole(role, asAdmin);
});

const world = (): RejectingServer => ({
  client: server.client,
  database: server.database,
  asAdmin,
  permission,
  role: role.name,
});

const explain = (traceId: string | null, headers = asAdmin) =>
  server.client.request<ExplanationDto & ProblemDto>(
    'GET',
    `/explanations/${encodeURIComponent(traceId ?? '')}`,
    {
      headers,
    },
  );

const list = (body: ExplanationQueryDto, headers = asAdmin) =>
  server.client.request<ExplanationListDto>('POST', '/explanations', { headers, body });

const failedIn = ({ steps }: ExplanationDto) => steps.filter(({ result }) => result === 'failed');

describe('GET /explanations/{traceId}', () => {
  it.each(REJECTING)('explains GET /auth/verify $title', async ({ cause, remedy, prepare }) => {
    const { headers, demands, user } = await prepare(world());
    const query = new URLSearchParams(demands && { [demands]: world()[demands] });

    const { headers: fields, status } = await server.client.verify(
      headers,
      query.size > 0 ? `?${query.toString()}` : '',
    );
    const { body } = await explain(fields.get('x-request-id'));

    expect(body).toMatchObject({
      method: 'GET',
      route: '/auth/verify',
      status,
      cause,
      remedy: { kind: remedy },
    });
    expect(body.user).toBe(user);
    const failed = failedIn(body);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.detail).toMatch(/^\S.*\.$/);
    const index = body.steps.findIndex(({ result }) => result === 'failed');
    expect(body.steps.map(({ result }) => result)).toEqual(
      body.steps.map((_, step) => (step < index ? 'passed' : step === index ? 'failed' : 'skipped')),
    );
  });

  it.each<[string, string, string, string, (token: TokenWithHeaders) => [string, string, Headers, unknown?]]>(
    [
      [
        'a missing permission',
        'missing_permission',
        'scope',
        'grant_role',
        ({ headers }) => ['GET', '/users', headers],
      ],
      [
        'a user who has more permissions',
        'above_your_permissions',
        'scope',
        'ask_administrator',
        ({ headers }) => [
          'PUT',
          '/users/admin/password',
          { ...headers, 'If-Match': '*' },
          { password: PASSWORD },
        ],
      ],
      [
        'a cookie of a page of another origin',
        'cross_origin',
        'request',
        'correct_request',
        () => ['GET', '/auth/session', { 'Sec-Fetch-Site': 'cross-site' }],
      ],
      [
        'a token in the URL',
        'credentials_in_url',
        'request',
        'correct_request',
        () => ['GET', '/me?token=x', {}],
      ],
      [
        'a wrong password',
        'wrong_password',
        'secret',
        'reset_password',
        ({ user }) => ['POST', '/auth/login', { Authorization: basic(user, 'a wrong password') }],
      ],
      [
        'an unknown name',
        'wrong_password',
        'secret',
        'reset_password',
        () => ['POST', '/auth/login', { Authorization: basic('unknown-name', PASSWORD) }],
      ],
      [
        'an invalid set-up link',
        'set_up_link_invalid',
        'secret',
        'create_set_up_link',
        () => ['POST', '/auth/set-up', {}, { secret: 'AAAAAAAAAAAAAAAAAAAAAA', password: PASSWORD }],
      ],
      [
        'an invalid query of a gateway',
        'invalid_query',
        'request',
        'correct_gateway',
        ({ headers }) => ['GET', '/auth/verify?roles=editor', headers],
      ],
      [
        'a route for the command line',
        'forbidden',
        'scope',
        'ask_administrator',
        ({ headers }) => ['GET', '/operator/address', headers],
      ],
    ],
  )('explains %s', async (_, cause, step, remedy, requestOf) => {
    const [method, path, headers, body] = requestOf(await signUpWithPermissions('users:write'));
    const { headers: fields } = await server.client.request(method, path, { headers, body });
    const { body: explanation } = await explain(fields.get('x-request-id'));

    expect(explanation).toMatchObject({ method, cause, remedy: { kind: remedy } });
    expect(failedIn(explanation)).toMatchObject([{ step }]);
  });

  it('explains a canary to its owner and to holders of audit:read, and not to other users', async () => {
    const owner = await signUp();
    const { body: canary } = await server.client.createMyToken(owner.headers, {
      kind: 'canary',
      note: 'in the wiki',
    });
    const service = await signUpWithPermissions('tokens:introspect');
    const traceIds = [];
    for (const headers of [tokenHeader(canary), tokenHeader(canary)]) {
      traceIds.push((await server.client.verify(headers)).headers.get('x-request-id'));
    }
    const body = new URLSearchParams({ token: canary.token ?? '' });
    const asked = await server.client.request('POST', '/auth/introspect', { headers: service.headers, body });
    traceIds.push(asked.headers.get('x-request-id'));
    await settleCanaries(server);

    for (const traceId of traceIds) {
      for (const headers of [asAdmin, owner.headers]) {
        const { body: explanation } = await explain(traceId, headers);
        expect(explanation).toMatchObject({
          cause: 'canary',
          user: owner.user,
          token: { id: canary.id, note: 'in the wiki' },
          remedy: { kind: 'investigate_canary' },
        });
        expect(failedIn(explanation)).toMatchObject([{ step: 'secret' }]);
      }
      expect((await explain(traceId, service.headers)).status).toBe(404);
    }
    expect((await list({ tokenId: canary.id }, owner.headers)).body.items).toHaveLength(3);
  });

  it('explains a superseded secret that writes', async () => {
    const token = await createToken(await signUp());
    await server.client.rotateToken(token.id, token.headers, { gracePeriodSeconds: 60 });

    const { headers } = await server.client.createMyToken(token.headers);
    const { body } = await explain(headers.get('x-request-id'));

    expect(body).toMatchObject({ cause: 'superseded_secret', remedy: { kind: 'use_new_secret' } });
    expect(body.presentedPreview).not.toBe(body.token?.tokenPreview);
  });

  it('explains a secret that was rotated away, to those who can see the token', async () => {
    const owner = await signUp();
    const token = await createToken(owner);
    const [limited, other] = [await createToken(owner, { permissions: [] }), await signUp()];
    const service = await signUpWithPermissions('tokens:introspect');
    await server.client.rotateToken(token.id, owner.headers);
    const { headers } = await server.client.verify(token.headers);
    const body = new URLSearchParams({ token: token.token ?? '' });
    const asked = await server.client.request('POST', '/auth/introspect', { headers: service.headers, body });

    for (const traceId of [headers, asked.headers].map((fields) => fields.get('x-request-id'))) {
      for (const caller of [asAdmin, owner.headers]) {
        const { body: explanation } = await explain(traceId, caller);
        expect(explanation).toMatchObject({
          code: 'unauthenticated',
          cause: 'grace_period_over',
          user: owner.user,
          presentedPreview: token.tokenPreview,
          token: { id: token.id, state: 'active' },
          remedy: { kind: 'use_new_secret', detail: 'Use the secret from the latest rotation.' },
        });
        expect(explanation.token?.tokenPreview).not.toBe(token.tokenPreview);
        expect(failedIn(explanation)).toEqual([
          {
            step: 'expiry',
            result: 'failed',
            detail: 'A rotation replaced the secret, and its grace period is over.',
          },
        ]);
      }
      for (const caller of [limited, other, service]) {
        const { status, body: problem } = await explain(traceId, caller.headers);
        expect(status).toBe(404);
        expect(problem.detail).toBe((await explain(randomUUID(), caller.headers)).body.detail);
      }
    }
    expect((await list({ tokenPreview: token.tokenPreview })).body.items).toMatchObject([
      { cause: 'grace_period_over' },
      { cause: 'grace_period_over' },
    ]);
  });

  it('advises to create a token when one was revoked after its secret was rotated away', async () => {
    const owner = await signUp();
    const token = await createToken(owner);
    await server.client.rotateToken(token.id, owner.headers);
    await server.client.revokeToken(token.id, owner.headers);
    const { headers } = await server.client.verify(token.headers);

    const { body } = await explain(headers.get('x-request-id'), owner.headers);

    expect(body).toMatchObject({ cause: 'token_revoked', remedy: { kind: 'issue_token' } });
  });

  it('explains an address behind a proxy that is not trusted', async () => {
    const token = await createToken(await signUp(), { allowedAddresses: ['203.0.113.9'] });

    const { headers } = await server.client.verify({ ...token.headers, 'X-Forwarded-For': '203.0.113.9' });
    const { body } = await explain(headers.get('x-request-id'));

    expect(body).toMatchObject({ cause: 'address_unknown', remedy: { kind: 'trust_proxy' } });
  });

  it('advises to register a permission that no API has', async () => {
    const token = await createToken(await signUp());

    const { headers } = await server.client.verify(
      token.headers,
      `?permission=${api.name}:reed&permission=${permission}`,
    );
    const { body } = await explain(headers.get('x-request-id'));

    expect(body.remedy).toEqual({
      kind: 'register_permission',
      detail: `No API has ${api.name}:reed. Register the permission, or correct the gateway.`,
    });
  });

  it('names the account of a failed login only if it exists', async () => {
    const { headers } = await server.client.login('unknown-name', PASSWORD);

    expect((await explain(headers.get('x-request-id'))).body).not.toHaveProperty('user');
  });

  it('advises to send the request again when the cause is gone', async () => {
    const token = await createToken(await signUp());
    const change = (enabled: boolean) =>
      server.client.updateToken(token.id, { enabled }, { ...asAdmin, 'If-Match': '*' });
    await change(false);
    const { headers } = await server.client.verify(token.headers);
    await change(true);

    const { body } = await explain(headers.get('x-request-id'));

    expect(body).toMatchObject({
      cause: 'token_disabled',
      token: { state: 'active' },
      remedy: { kind: 'retry' },
    });
  });

  it('shows the token and the client', async () => {
    const token = await createToken(await signUp(), { note: 'nightly build' });
    await server.client.updateToken(token.id, { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    const { headers } = await server.client.verify({ ...token.headers, 'User-Agent': 'ci/7' });

    const { body } = await explain(headers.get('x-request-id'));

    expect(body).toMatchObject({
      code: 'token_disabled',
      user: token.user,
      address: '127.0.0.1',
      agent: 'ci/7',
      presentedPreview: token.tokenPreview,
      token: { id: token.id, note: 'nightly build', tokenPreview: token.tokenPreview, state: 'disabled' },
    });
  });

  it('explains a token that a service has asked about, to administrators and not to the service', async () => {
    const owner = await signUp();
    const token = await createToken(owner, { allowedAddresses: ['203.0.113.9'] });
    const service = await signUpWithPermissions('tokens:introspect');
    const body = new URLSearchParams({ token: token.token ?? '', address: '203.0.113.8' });

    const asked = await server.client.request('POST', '/auth/introspect', { headers: service.headers, body });
    const traceId = asked.headers.get('x-request-id');

    expect(asked.body).toEqual({ active: false });
    expect((await explain(traceId, service.headers)).status).toBe(404);
    expect((await explain(traceId)).body).toMatchObject({
      service: service.user,
      address: '203.0.113.8',
      cause: 'address_not_allowed',
      remedy: { kind: 'allow_address' },
    });
    expect((await explain(traceId, owner.headers)).status).toBe(200);
  });

  it.each([
    [{}, { method: 'POST', route: '/auth/introspect' }],
    [{ method: 'DELETE' }, { method: 'DELETE' }],
    [{ route: '/orders/:id' }, { route: '/orders/:id' }],
    [{ agent: 'shop/1' }, { agent: 'shop/1' }],
  ])('shows what a service has described of a rejected request: %j', async (request, shown) => {
    const owner = await signUp();
    const token = await createToken(owner);
    await server.client.revokeToken(token.id, owner.headers);
    const service = await signUpWithPermissions('tokens:introspect');
    const body = new URLSearchParams({ token: token.token ?? '', ...request });

    const asked = await server.client.request('POST', '/auth/introspect', { headers: service.headers, body });

    const { method, route, agent } = (await explain(asked.headers.get('x-request-id'))).body;
    expect({ method, route, agent }).toEqual({
      method: undefined,
      route: undefined,
      agent: undefined,
      ...shown,
    });
  });

  it('shows the client, method and route of requests that a guard rejected', async () => {
    const owner = await signUp();
    const [token, revoked] = [await createToken(owner), await createToken(owner)];
    const limited = await createToken(owner, { allowedAddresses: ['203.0.113.9'] });
    const service = await signUpWithPermissions('tokens:introspect');
    const own = await createToken(service);
    const verifier = createVerifier({ url: server.client.baseUrl, token: own.token ?? '', name: 'orders' });
    const request = { address: '203.0.113.8', agent: 'shop/1', method: 'DELETE', route: '/orders/:id' };
    await server.client.revokeToken(revoked.id, asAdmin);
    // Reports rejections only when it is connected.
    await waitUntil(() => verifier.status().connected);

    const rejections = [
      verifier.verify(token.token ?? '', { ...request, permissions: ['orders:delete'] }),
      verifier.verify(revoked.token ?? '', request),
      verifier.verify(limited.token ?? '', request),
      verifier.verify({}, request),
    ].map((verification) =>
      verification.then(
        () => null,
        ({ traceId }: VerificationError) => traceId ?? null,
      ),
    );
    const traceIds = await Promise.all(rejections);
    await verifier.close();

    for (const traceId of traceIds) {
      expect((await explain(traceId)).body).toMatchObject(request);
    }
    for (const { id } of [revoked, limited]) {
      expect((await list({ tokenId: id })).body.items).toMatchObject([request]);
    }
  });

  it('shows users only the rejections of their own tokens', async () => {
    const [owner, other] = [await signUp(), await signUp()];
    const auditor = await signUpWithPermissions('audit:read');
    const token = await createToken(owner);
    await server.client.revokeToken(token.id, owner.headers);
    const { headers } = await server.client.verify(token.headers);
    const traceId = headers.get('x-request-id');

    const seen = [owner, other, auditor].map(
      async (caller) => (await explain(traceId, caller.headers)).status,
    );

    expect(await Promise.all(seen)).toEqual([200, 404, 200]);
    expect((await explain(traceId, other.headers)).body.detail).toBe(
      (await explain(randomUUID(), other.headers)).body.detail,
    );
  });

  it('shows requests without a known secret to holders of audit:read only', async () => {
    const user = await signUp();
    const { headers } = await server.client.login(user.user, 'a wrong password');

    expect((await explain(headers.get('x-request-id'), user.headers)).status).toBe(404);
    expect((await explain(headers.get('x-request-id'))).body).toMatchObject({
      cause: 'wrong_password',
      user: user.user,
    });
  });

  it('finds a request although an unauthenticated client uses its id', async () => {
    const token = await createToken(await signUp());
    await server.client.revokeToken(token.id, asAdmin);
    const traceId = randomUUID();
    await server.client.verify({ ...token.headers, 'X-Request-Id': traceId });

    await server.client.verify({ 'X-Request-Id': traceId });

    expect((await explain(traceId)).body.cause).toBe('token_revoked');
  });

  it('ignores visitors of the console who have no session', async () => {
    const { headers } = await server.client.request('GET', '/auth/session', {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    });

    expect((await explain(headers.get('x-request-id'))).status).toBe(404);
  });

  it('considers a token that was widened, and an address that was allowed, in the meantime', async () => {
    const session = await signUpWithPermissions('users:read');
    const token = await createToken(session, { permissions: [], allowedAddresses: ['203.0.113.9'] });
    const change = (dto: UpdateTokenDto) =>
      server.client.updateToken(token.id, dto, { ...asAdmin, 'If-Match': '*' });
    const remedies = async (id: string | null) => (await explain(id)).body.remedy.kind;
    const elsewhere = (await server.client.verify(token.headers)).headers.get('x-request-id');
    const before = await remedies(elsewhere);
    await change({ allowedAddresses: null });
    const narrow = (await server.client.users(token.headers)).headers.get('x-request-id');
    const beforeToo = await remedies(narrow);
    await change({ permissions: ['users:read'] });

    expect([before, await remedies(elsewhere)]).toEqual(['allow_address', 'retry']);
    expect([beforeToo, await remedies(narrow)]).toEqual(['widen_token', 'retry']);
  });

  it('does not tell auditors whether the password of a disabled user was right', async () => {
    const { user } = await signUp();
    await server.client.updateUser(user, { enabled: false }, { ...asAdmin, 'If-Match': '*' });
    const attempts = [PASSWORD, 'a wrong password'].map(async (password) => {
      const { headers } = await server.client.login(user, password);
      const { traceId: _, time: __, ...seen } = (await explain(headers.get('x-request-id'))).body;
      return seen;
    });
    const [right, wrong] = await Promise.all(attempts);

    expect(right).toMatchObject({ cause: 'user_disabled' });
    expect(right?.steps).toContainEqual(
      expect.objectContaining({ detail: `The user ${user} was disabled.` }),
    );
    expect(right).toEqual(wrong);
  });

  it('requires credentials', async () => {
    expect((await explain(randomUUID(), {})).status).toBe(401);
  });
});

describe('POST /explanations', () => {
  it('returns the latest rejections of a token by its id and by its preview', async () => {
    const owner = await signUp();
    const token = await createToken(owner);
    await server.client.revokeToken(token.id, owner.headers);
    const ids = [];
    for (let request = 0; request < 22; request += 1) {
      ids.push((await server.client.verify(token.headers)).headers.get('x-request-id'));
    }
    const latest = ids.reverse().slice(0, 20);

    for (const name of [{ tokenId: token.id }, { tokenPreview: token.tokenPreview }, {}]) {
      expect((await list(name, owner.headers)).body.items.map(({ traceId }) => traceId)).toEqual(latest);
    }
    expect((await list({ tokenId: token.id }, (await signUp()).headers)).body).toEqual({ items: [] });
  });

  it('finds a secret of no token by its preview, for holders of audit:read', async () => {
    const secret = createTokenSecret();
    await server.client.verify(tokenHeader({ user: 'anna', token: secret }));
    const preview = `latchkey_…${secret.slice(-4)}`;

    expect((await list({ tokenPreview: preview })).body.items).toMatchObject([{ cause: 'unknown_secret' }]);
    expect((await list({ tokenPreview: preview }, (await signUp()).headers)).body.items).toEqual([]);
  });

  it('keeps one entry of a request that a gateway repeats', async () => {
    const token = await createToken(await signUp());
    await server.client.revokeToken(token.id, asAdmin);
    const headers = { ...token.headers, 'X-Request-Id': randomUUID() };
    await server.client.verify(headers);
    await server.client.verify(headers);

    expect((await list({ tokenId: token.id })).body.items).toHaveLength(1);
  });
});

describe('the log', () => {
  it('has the error code of a rejected request', async () => {
    const traceId = randomUUID();
    await server.client.verify({ 'X-Request-Id': traceId });

    const line = server.log.split('\n').find((text) => text.includes(traceId) && text.includes('"request"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ status: 401, code: 'unauthenticated' });
  });
});
