import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type CreateOfferDto, type ProblemDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { OfferPurge } from '../../apps/api/src/offers/offer-purge.service.js';
import { TokenPurge } from '../../apps/api/src/tokens/revoke/token-purge.service.js';
import { tokenHeader, type ApiResponse, type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';

const server = useServer({
  environment: { LATCHKEY_PUBLIC_URL: 'https://auth.example.com', LATCHKEY_API_TOKENS_PER_USER: '5' },
});
const asAdmin = useAdmin(server);
const any = { 'If-Match': '*' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

afterEach(() => {
  jest.restoreAllMocks();
});

/** Moves the clock of the server. */
const advance = (milliseconds: number) => stopClock(server, Date.now() + milliseconds);

async function signUp(...roles: string[]): Promise<{ name: string; headers: Headers }> {
  const { name } = newUser();
  expect((await server.client.createUser({ name, password: PASSWORD, roles }, asAdmin)).status).toBe(201);
  return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
}

/** Creates a role with permissions and a user with it, who may issue tokens. */
async function signUpIssuer(
  ...permissions: string[]
): Promise<{ name: string; headers: Headers; role: string }> {
  const role = newRole({ permissions: ['tokens:read', 'tokens:write', ...permissions] });
  expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
  return { ...(await signUp('user', role.name)), role: role.name };
}

/** Creates a claim link and returns its id and secret. */
async function send(name: string, headers: Headers = asAdmin, dto: CreateOfferDto = {}) {
  const { status, body } = await server.client.createOffer(name, headers, dto);
  expect(status).toBe(201);
  return { id: body.id, secret: body.link?.split('#')[1] ?? '', body };
}

const codeOf = ({ status, body }: ApiResponse<Partial<ProblemDto>>) => [status, body.code];
const tokensOf = async (name: string) =>
  (await server.client.userTokens(name, asAdmin, '?kind=api')).body.items;
const events = async (query: string) => (await server.client.auditEvents(asAdmin, query)).body.items;

describe('POST /users/:name/offers', () => {
  it('returns the link and the planned token, and creates no token', async () => {
    const { name } = await signUp();
    const { status, body } = await server.client.createOffer(name, asAdmin, {
      note: 'Deployment',
      permissions: [],
      allowedAddresses: ['10.0.0.0/8'],
      expiresIn: 3_600,
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      user: name,
      createdBy: 'admin',
      link: expect.stringMatching(/^https:\/\/auth\.example\.com\/admin\/claim#[\w-]{22}$/),
      note: 'Deployment',
      permissions: [],
      allowedAddresses: ['10.0.0.0/8'],
      tokenExpiresIn: 3_600,
      state: 'offered',
      decidedBy: 'admin',
      decisionTime: expect.any(String),
      creationTime: expect.any(String),
      expirationTime: expect.any(String),
    });
    expect(Date.parse(body.expirationTime) - Date.parse(body.creationTime)).toBe(DAY);
    expect(await tokensOf(name)).toEqual([]);
  });

  it('stores only the digest of the secret, and records the link without it', async () => {
    const { name } = await signUp();
    const { id, secret } = await send(name, asAdmin, { note: 'Deployment' });

    const rows = await server.database.query(`SELECT * FROM offers WHERE id = '${id}'`);
    const [entry] = await events(`?action=offer_created&subject=${id}`);

    expect(entry).toMatchObject({
      actor: { name: 'admin' },
      subject: { kind: 'offer', id, name },
      after: { note: 'Deployment', hasLink: true },
    });
    expect(JSON.stringify([rows, entry]) + server.log).not.toContain(secret);
  });

  it('expires with its token', async () => {
    const { name } = await signUp();
    const expirationTime = new Date(Date.now() + HOUR).toISOString();

    const { body } = await send(name, asAdmin, { expirationTime });

    expect(body.expirationTime).toBe(expirationTime);
  });

  it('describes the default lifetime, and an absolute expiry', async () => {
    const { name } = await signUp();
    const at = new Date(Date.now() + 10 * DAY).toISOString();

    const byDefault = await send(name);
    const absolute = await send(name, asAdmin, { expirationTime: at });
    const tooLong = await send(name, asAdmin, { expiresIn: 3_155_760_000 });

    expect(byDefault.body).toMatchObject({ tokenExpiresIn: 90 * 86_400 });
    expect(absolute.body).toMatchObject({ tokenExpirationTime: at });
    expect(tooLong.body.warnings).toEqual([expect.stringContaining('after the maximum')]);
  });

  it.each([
    ['an unknown user', () => 'nobody-here', {}, 404],
    ['an unknown permission', () => 'admin', { permissions: ['nonsense:read'] }, 422],
    ['a canary', () => 'admin', { kind: 'canary' }, 422],
  ])('rejects %s', async (_, name, dto, status) => {
    expect((await server.client.createOffer(name(), asAdmin, dto as CreateOfferDto)).status).toBe(status);
  });

  it('returns 403 for a user who holds more than the caller', async () => {
    const issuer = await signUpIssuer();

    expect(codeOf(await server.client.createOffer('admin', issuer.headers))).toEqual([
      403,
      'above_your_permissions',
    ]);
  });

  it('returns 409 at the limits of open links for a user and of an issuer', async () => {
    const { name } = await signUp();
    for (let count = 0; count < 20; count += 1) {
      await send(name);
    }

    expect(codeOf(await server.client.createOffer(name, asAdmin))).toEqual([409, 'offer_limit']);

    const issuer = await signUpIssuer();
    await server.database.execute(
      `UPDATE "offers" SET "creatorId" = (SELECT "id" FROM "users" WHERE "name" = '${issuer.name}')`,
      ...Array.from(
        { length: 180 },
        (_, index) =>
          `INSERT INTO "offers" ("id", "digest", "userId", "creatorId", "creatorName", "token", "state", "creationTime", "expirationTime")
            SELECT '${issuer.name}-${index}', '${issuer.name}-${index}', "id", "id", '', '{}', 'offered', 1, 9000000000000 FROM "users" WHERE "name" = '${issuer.name}'`,
      ),
    );
    const other = await signUp();
    expect(codeOf(await server.client.createOffer(other.name, issuer.headers))).toEqual([409, 'offer_limit']);
  });
});

describe('GET /offers', () => {
  it('filters by user, state and text, without secrets', async () => {
    const { name } = await signUp();
    const open = await send(name, asAdmin, { note: 'Deployment of orders' });
    const used = await send(name);
    await server.client.claim(used.secret);
    const ids = async (query: string) => {
      const { status, body } = await server.client.offers(asAdmin, query);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(open.secret);
      return body.items.map(({ id }) => id);
    };

    expect(await ids(`?user=${name}&sort=creationTime`)).toEqual([open.id, used.id]);
    expect(await ids(`?user=${name}&state=offered`)).toEqual([open.id]);
    expect(await ids(`?user=${name}&state=claimed`)).toEqual([used.id]);
    expect(await ids(`?user=${name}&state=expired`)).toEqual([]);
    expect(await ids(`?user=${name}&q=ORDERS`)).toEqual([open.id]);
    expect(await ids(`?user=nobody-here`)).toEqual([]);
    expect((await server.client.offers((await signUp()).headers)).status).toBe(403);
    advance(DAY);
    expect(await ids(`?user=${name}&state=expired`)).toEqual([open.id]);
  });

  it('is sent as CSV', async () => {
    const { name } = await signUp();
    await send(name, asAdmin, { note: 'Deployment' });

    const { text } = await server.client.offers({ ...asAdmin, Accept: 'text/csv' }, `?user=${name}`);

    expect(text).toContain('id,user,note,state');
    expect(text).toContain(`,${name},Deployment,offered,admin,`);
  });
});

describe('DELETE /offers/:id', () => {
  it('makes the link unknown, and records it', async () => {
    const { name } = await signUp();
    const { id, secret } = await send(name);

    expect((await server.client.revokeOffer(id, asAdmin)).status).toBe(204);

    expect(codeOf(await server.client.claim(secret))).toEqual([404, 'not_found']);
    expect(codeOf(await server.client.claimDetails(secret))).toEqual([404, 'not_found']);
    expect((await server.client.offers(asAdmin, `?user=${name}`)).body.items).toMatchObject([
      { id, state: 'revoked', decidedBy: 'admin' },
    ]);
    expect(await events(`?action=offer_revoked&subject=${id}`)).toMatchObject([
      { subject: { name }, after: { createdBy: 'admin' } },
    ]);
    expect((await server.client.revokeOffer(id, asAdmin)).status).toBe(404);
  });

  it('returns 409 with the id of the token if the offer was claimed', async () => {
    const { name } = await signUp();
    const { id, secret } = await send(name);
    const { body: token } = await server.client.claim(secret);

    const { status, body } = await server.client.revokeOffer(id, asAdmin);

    expect([status, body?.code]).toEqual([409, 'offer_claimed']);
    expect(body?.detail).toContain(token.id);
  });
});

describe('POST /auth/claims/details', () => {
  it('describes the token without using the link', async () => {
    const { name } = await signUp();
    const { secret, body: link } = await send(name, asAdmin, { note: 'Deployment', expiresIn: 60 });

    const answers = [await server.client.claimDetails(secret), await server.client.claimDetails(secret)];

    for (const { status, body } of answers) {
      expect([status, body]).toEqual([
        200,
        {
          user: name,
          createdBy: 'admin',
          note: 'Deployment',
          tokenExpiresIn: 60,
          state: 'offered',
          expirationTime: link.expirationTime,
        },
      ]);
    }
    expect((await server.client.claim(secret)).status).toBe(201);
  });

  it('no longer describes the token of a claimed or expired offer', async () => {
    const { name } = await signUp();
    const used = await send(name, asAdmin, { note: 'Deployment' });
    const expired = await send(name, asAdmin, { note: 'Deployment' });
    await server.client.claim(used.secret);
    advance(DAY);

    const details = await Promise.all(
      [used, expired].map(async ({ secret }) => (await server.client.claimDetails(secret)).body),
    );

    expect(details).toEqual([
      expect.objectContaining({ state: 'claimed', claimTime: expect.any(String) }),
      expect.objectContaining({ state: 'expired' }),
    ]);
    expect(JSON.stringify(details)).not.toContain('Deployment');
  });
});

describe('POST /auth/claims', () => {
  it('creates the token with its secret, once', async () => {
    const { name } = await signUp();
    const { id, secret } = await send(name, asAdmin, { note: 'Deployment', expiresIn: 3_600 });
    const start = Date.now();

    const { status, body } = await server.client.claim(secret);

    expect([status, body.user, body.note, body.kind]).toEqual([201, name, 'Deployment', 'api']);
    expect(Date.parse(body.expirationTime ?? '')).toBeGreaterThanOrEqual(start + HOUR);
    expect((await server.client.me(tokenHeader(body))).body.name).toBe(name);
    const again = await server.client.claim(secret);
    expect(codeOf(again)).toEqual([409, 'offer_claimed']);
    expect(again.body.detail).toMatch(
      /^The token was created at 20.+Z\. If that was not you, tell admin immediately/,
    );
    expect((await server.client.offers(asAdmin, `?user=${name}`)).body.items).toMatchObject([
      { id, state: 'claimed', tokenId: body.id, claimTime: expect.any(String) },
    ]);
    expect(await tokensOf(name)).toHaveLength(1);
  });

  it('accepts the whole link', async () => {
    const { name } = await signUp();
    const { secret } = await send(name, asAdmin);

    const { status, body } = await server.client.claim(`https://auth.example.com/admin/claim#${secret}`);

    expect([status, body.user]).toEqual([201, name]);
  });

  it('counts the lifetime from the claim', async () => {
    const { name } = await signUp();
    const { secret } = await send(name, asAdmin, { expiresIn: 60 });
    advance(23 * HOUR);

    const { body } = await server.client.claim(secret);

    expect(Date.parse(body.expirationTime ?? '')).toBe(server.app.get(Clock).now() + 60_000);
  });

  it('records the claim with its issuer and the origin of the client', async () => {
    const { name } = await signUp();
    const { id, secret } = await send(name);

    const { body } = await server.client.claim(secret, { 'User-Agent': 'recipient/1' });

    const [entry] = await events(`?action=authn_token_claimed&subject=${body.id}`);
    expect(entry).toMatchObject({
      subject: { kind: 'token', id: body.id, name },
      address: '127.0.0.1',
      after: { issuedBy: 'admin', offerId: id, tokenPreview: body.tokenPreview },
    });
    expect(entry?.actor).toBeUndefined();
    expect(await events(`?action=authn_token_claimed&subject=${id}`)).toEqual([entry]);
  });

  it('returns 409 at the limit of tokens, and works later', async () => {
    const { name } = await signUp();
    const { secret } = await send(name);
    const tokens = [];
    for (let count = 0; count < 5; count += 1) {
      tokens.push((await server.client.createUserToken(name, asAdmin)).body);
    }

    expect(codeOf(await server.client.claim(secret))).toEqual([409, 'token_limit']);
    await server.client.revokeToken(tokens[0]?.id ?? '', asAdmin);
    expect((await server.client.claim(secret)).status).toBe(201);
  });

  it('returns 409 for an expired link, and 404 once it is purged', async () => {
    const { name } = await signUp();
    const { secret } = await send(name);
    const purge = () => server.app.get(OfferPurge, { strict: false }).work();
    advance(DAY);
    await purge();
    expect(codeOf(await server.client.claim(secret))).toEqual([409, 'offer_expired']);

    advance(2 * DAY + 1);
    await purge();

    expect(codeOf(await server.client.claim(secret))).toEqual([404, 'not_found']);
  });

  it('returns the same response for unknown and revoked links', async () => {
    const { name } = await signUp();
    const { id, secret } = await send(name);
    await server.client.revokeOffer(id, asAdmin);

    const answers = [await server.client.claim(secret), await server.client.claim('A'.repeat(22))];

    const problems = answers.map(({ status, body: { traceId: _, ...problem } }) => ({ status, problem }));
    expect(problems[0]).toEqual(problems[1]);
  });

  it('counts links that do not work as failed attempts of the address, and no others', async () => {
    const { name } = await signUp();
    const { secret } = await send(name);
    const remaining = (answer: ApiResponse<unknown>) =>
      Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);
    const start = remaining(await server.client.claimDetails(secret));

    expect(remaining(await server.client.claimDetails(secret))).toBe(start);
    await server.client.claimDetails('A'.repeat(22));
    expect(remaining(await server.client.claim('A'.repeat(22)))).toBe(start - 2);
  });

  it('returns 403 to pages of other sites', async () => {
    const { name } = await signUp();
    const { secret } = await send(name);
    const foreign = { 'Sec-Fetch-Site': 'cross-site' };

    expect(codeOf(await server.client.claim(secret, foreign))).toEqual([403, 'same_origin_required']);
    expect(codeOf(await server.client.claimDetails(secret, foreign))).toEqual([403, 'same_origin_required']);
    expect((await server.client.claim(secret)).status).toBe(201);
  });

  it.each([
    'Slackbot-LinkExpanding 1.0',
    'facebookexternalhit/1.1',
    'Mozilla/5.0 (compatible; SkypeUriPreview)',
  ])('is not triggered by the link preview of %s', async (agent) => {
    const { name } = await signUp();
    const { secret } = await send(name);

    await server.client.request('GET', '/admin/claim', { headers: { 'User-Agent': agent } });
    await server.client.request('HEAD', '/admin/claim', { headers: { 'User-Agent': agent } });

    expect((await server.client.request('GET', '/auth/claims')).status).toBe(405);
    expect((await server.client.claim(secret)).status).toBe(201);
  });
});

describe('the limits of a claimed token', () => {
  const lapsed = [409, 'offer_lapsed'];

  it('limits the token to what the issuer can delegate, who could have used the link', async () => {
    const issuer = await signUpIssuer('users:read');
    const { name } = await signUp(issuer.role);
    const { secret } = await send(name, issuer.headers);

    const { body } = await server.client.claim(secret);
    await server.client.updateUser(name, { roles: ['admin'] }, { ...asAdmin, ...any });

    const { permissions } = (await server.client.me(tokenHeader(body))).body;
    expect(permissions).toContain('users:read');
    expect(permissions).not.toContain('roles:write');
  });

  it('rejects a scope that the issuer no longer holds', async () => {
    const issuer = await signUpIssuer();
    const reader = newRole({ permissions: ['users:read'] });
    await server.client.createRole(reader, asAdmin);
    const rolesOfIssuer = (...roles: string[]) =>
      server.client.updateUser(issuer.name, { roles: [issuer.role, ...roles] }, { ...asAdmin, ...any });
    await rolesOfIssuer(reader.name);
    const { name } = await signUp(reader.name);
    const { secret } = await send(name, issuer.headers, { permissions: ['users:read'] });
    await rolesOfIssuer();

    const answer = await server.client.claim(secret);

    expect(codeOf(answer)).toEqual(lapsed);
    expect(answer.body.detail).toBe(
      `${issuer.name} may no longer create this token. Ask the sender for a new link.`,
    );
    expect(await tokensOf(name)).toEqual([]);
    await rolesOfIssuer(reader.name);
    expect((await server.client.claim(secret)).body.permissions).toEqual(['users:read']);
  });

  it.each<[string, (issuer: { name: string; role: string }) => Promise<unknown>]>([
    [
      'the issuer is disabled',
      ({ name }) => server.client.updateUser(name, { enabled: false }, { ...asAdmin, ...any }),
    ],
    [
      'the issuer may no longer create tokens',
      ({ name }) => server.client.updateUser(name, { roles: ['user'] }, { ...asAdmin, ...any }),
    ],
    ['all tokens of the issuer are revoked', ({ name }) => server.client.revokeUserTokens(name, asAdmin)],
    [
      'the session of the issuer is revoked',
      async ({ name }) => {
        const { items } = (await server.client.userTokens(name, asAdmin, '?kind=session')).body;
        await server.client.revokeToken(items[0]?.id ?? '', asAdmin);
      },
    ],
  ])('rejects the claim if %s', async (_, change) => {
    const issuer = await signUpIssuer();
    const { name } = await signUp();
    const { secret } = await send(name, issuer.headers);

    await change(issuer);

    expect(codeOf(await server.client.claim(secret))).toEqual(lapsed);
  });

  it('rejects the claim if the user is disabled or promoted', async () => {
    const issuer = await signUpIssuer();
    const { name } = await signUp();
    const { secret } = await send(name, issuer.headers);

    await server.client.updateUser(name, { enabled: false }, { ...asAdmin, ...any });
    expect(codeOf(await server.client.claim(secret))).toEqual(lapsed);
    await server.client.updateUser(name, { enabled: true, roles: ['admin'] }, { ...asAdmin, ...any });
    expect(codeOf(await server.client.claim(secret))).toEqual(lapsed);
    await server.client.updateUser(name, { roles: ['user'] }, { ...asAdmin, ...any });
    expect((await server.client.claim(secret)).status).toBe(201);
  });

  it('makes the link unknown if the issuer or the user is deleted', async () => {
    const issuer = await signUpIssuer();
    const users = [await signUp(), await signUp()];
    const [first, second] = await Promise.all(users.map(({ name }) => send(name, issuer.headers)));

    await server.client.deleteUser(users[0]?.name ?? '', asAdmin);
    expect(codeOf(await server.client.claim(first?.secret ?? ''))).toEqual([404, 'not_found']);
    await server.client.deleteUser(issuer.name, asAdmin);
    expect(codeOf(await server.client.claim(second?.secret ?? ''))).toEqual([404, 'not_found']);
  });

  it.each<[string, (headers: Headers) => Promise<unknown>]>([
    ['signed out', (headers) => server.client.logout(headers)],
    [
      'whose session has expired and would be purged',
      async () => {
        advance(20 * HOUR);
        await server.app.get(TokenPurge, { strict: false }).purge();
      },
    ],
  ])('accepts a link of an issuer %s', async (_, change) => {
    const issuer = await signUpIssuer();
    const { name } = await signUp();
    const { secret } = await send(name, issuer.headers);

    await change(issuer.headers);

    expect((await server.client.claim(secret)).status).toBe(201);
  });

  it('revokes the links of an expired session when its descendants are revoked', async () => {
    const issuer = await signUpIssuer();
    const { name } = await signUp();
    const { secret } = await send(name, issuer.headers);
    const { items } = (await server.client.userTokens(issuer.name, asAdmin, '?kind=session')).body;
    const id = items[0]?.id ?? '';
    await server.client.logout(issuer.headers);

    const { status } = await server.client.revokeToken(id, asAdmin, '?descendants=true');

    expect(status).toBe(204);
    expect(codeOf(await server.client.claim(secret))).toEqual([404, 'not_found']);
    expect(await events(`?action=authn_token_revoked&subject=${id}`)).toMatchObject([
      { after: { approvals: 1 } },
    ]);
  });

  describe('of an API token', () => {
    const createIssuer = async (dto = {}) => {
      const issuer = await signUpIssuer();
      const { status, body } = await server.client.createUserToken(issuer.name, asAdmin, dto);
      expect(status).toBe(201);
      return { ...issuer, token: body };
    };

    it.each<[string, (id: string) => Promise<unknown>]>([
      ['revoked', (id) => server.client.revokeToken(id, asAdmin)],
      ['disabled', (id) => server.client.updateToken(id, { enabled: false }, { ...asAdmin, ...any })],
      ['expired', () => Promise.resolve(advance(2 * HOUR))],
      [
        'not valid yet',
        (id) =>
          server.client.updateToken(
            id,
            { notBefore: new Date(Date.now() + HOUR / 2).toISOString() },
            { ...asAdmin, ...any },
          ),
      ],
      [
        'narrowed',
        (id) => server.client.updateToken(id, { permissions: ['tokens:read'] }, { ...asAdmin, ...any }),
      ],
    ])('rejects the claim if it is %s', async (_, change) => {
      const { token } = await createIssuer({ expiresIn: 3_600 });
      const { name } = await signUp();
      const { secret } = await send(name, tokenHeader(token));

      await change(token.id);

      expect(codeOf(await server.client.claim(secret))).toEqual(lapsed);
    });

    it('revokes its links when it is rotated, and its descendants are revoked', async () => {
      const { token } = await createIssuer();
      const { name } = await signUp();
      const { secret } = await send(name, tokenHeader(token));

      await server.client.rotateToken(token.id, asAdmin, { revokeDescendants: true });

      expect(codeOf(await server.client.claim(secret))).toEqual([404, 'not_found']);
    });

    it('is the parent of the token, and bounds its expiry and addresses', async () => {
      const { token } = await createIssuer({ expiresIn: 7_200, allowedAddresses: ['127.0.0.0/8'] });
      const { name } = await signUp();
      const { secret } = await send(name, tokenHeader(token));
      advance(HOUR);

      const { body } = await server.client.claim(secret);

      expect(body).toMatchObject({
        createdByTokenId: token.id,
        expirationTime: token.expirationTime,
        allowedAddresses: ['127.0.0.0/8'],
      });
      await server.client.revokeToken(token.id, asAdmin, '?descendants=true');
      expect((await server.client.token(body.id, asAdmin)).body.state).toBe('revoked');
    });
  });
});
