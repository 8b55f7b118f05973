import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type ApiResponse, type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { routesWith } from '../routes.js';
import { Fixtures } from '../support/routes/fixtures.js';
import { settleCanaries, useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createToken } = useTokens(server, asAdmin);

/** Permissions of the user, of which its limited tokens have none or some. */
const HELD = ['tokens:read', 'tokens:write', 'users:read', 'users:write'];
const ANY = { 'If-Match': '*' };
const AGENT = 'private-laptop/1';

let fixtures: Fixtures;
let name: string;
/** Session of the user, with an agent that only its owner may know. */
let session: TokenWithHeaders;
let sibling: TokenWithHeaders;
let canary: TokenWithHeaders;
/** Canary that the limited token created. */
let ownCanary: TokenWithHeaders;
/** Limited token, and those created with it. */
let limited: TokenWithHeaders;
let child: TokenWithHeaders;
let grandchild: TokenWithHeaders;
/** Ids of rejected requests with the sibling, the canary and the limited token. */
let rejected: Record<'sibling' | 'canary' | 'limited', string>;
let requestId: string;

beforeAll(async () => {
  fixtures = await Fixtures.on(server.client);
  const role = newRole({ permissions: HELD });
  await server.client.createRole(role, asAdmin);
  const user = newUser({ roles: [role.name] });
  name = (await server.client.createUser(user, asAdmin)).body.name;
  const { body } = await server.client.login(name, PASSWORD, { headers: { 'User-Agent': AGENT } });
  session = { ...body, headers: tokenHeader(body) };
  await server.client.me({ ...session.headers, 'User-Agent': AGENT });
  sibling = await createToken(session, { note: 'secret sibling' });
  canary = await createToken(session, { kind: 'canary', note: 'secret bait' });
  limited = await createToken(session, { permissions: [], note: 'limited' });
  child = await createToken(limited, { note: 'child' });
  grandchild = await createToken(child, { note: 'grandchild' });
  ownCanary = await createToken(limited, { kind: 'canary', note: 'secret own bait' });
  rejected = {
    sibling: await rejectionOf(sibling),
    canary: await rejectionOf(canary),
    limited: await rejectionOf(limited, 'service/1'),
  };
  await settleCanaries(server);
  requestId = await requestToken();
});

/** Makes the server reject a request with a token and returns the id of the request. */
async function rejectionOf({ headers }: TokenWithHeaders, agent = AGENT): Promise<string> {
  const response = await server.client.verify({ ...headers, 'User-Agent': agent }, '?permission=roles:write');
  expect([401, 403]).toContain(response.status);
  return response.headers.get('x-request-id') ?? '';
}

async function requestToken(): Promise<string> {
  const template = { name: 'visible', permissions: [], expiresIn: 3_600 };
  const { status, text } = await server.client.createTokenTemplate(template, asAdmin);
  expect([status, text]).toEqual([201, expect.anything()]);
  const request = { template: template.name, note: 'secret request' };
  const { body } = await server.client.requestToken(request, session.headers);
  return body.id;
}

const get = (path: string) => (headers: Headers) => server.client.request<unknown>('GET', path, { headers });
const post = (path: string, body: unknown) => (headers: Headers) =>
  server.client.request<unknown>('POST', path, { headers, body });
type Call = (headers: Headers) => Promise<ApiResponse<unknown>>;

const FILTERS = [
  '',
  '?kind=canary',
  '?kind=session',
  '?q=secret',
  '?neverUsed=false',
  '?sort=note&page=2&size=1',
  '?sort=creationTime&size=1',
];

const listsOf = (path: string): Call[] => [
  ...FILTERS.map((query) => get(path + query)),
  get(`${path}?descendantOf=${session.id}`),
  get(`${path}?q=${encodeURIComponent(canary.tokenPreview)}`),
  (headers) => get(path)({ ...headers, Accept: 'text/csv' }),
  (headers) => get(`${path}?sort=creationTime`)({ ...headers, Accept: 'application/x-ndjson' }),
];

/** Sends a request for each token that a limited one must not see. */
const forHidden = (call: (id: string, headers: Headers) => ReturnType<Call>): Call[] =>
  [sibling, canary, ownCanary].map(
    ({ id }) =>
      (headers) =>
        call(id, headers),
  );

/** Routes whose response names tokens that the request does not change. */
const READS = routesWith(({ namesTokens }) => namesTokens === 'any');

/** Requests for tokens that some callers must not see, in addition to those in `test/routes.ts`, by route. */
const REQUESTS: Record<string, () => Call[]> = {
  'GET /me': () => [get('/me')],
  'GET /me/tokens': () => listsOf('/me/tokens'),
  'GET /tokens': () => [...listsOf('/tokens'), get(`/tokens?user=${name}`)],
  'GET /users/{name}/tokens': () => listsOf(`/users/${name}/tokens`),
  'GET /tokens/{id}': () => [
    get('/tokens/self'),
    ...forHidden((id, headers) => get(`/tokens/${id}`)(headers)),
  ],
  'GET /tokens/{id}/usage': () => forHidden((id, headers) => get(`/tokens/${id}/usage`)(headers)),
  'POST /tokens/bulk': () => [
    post('/tokens/bulk', { action: 'disable', filter: {}, dryRun: true }),
    post('/tokens/bulk', { action: 'disable', filter: { kind: 'canary' }, dryRun: true }),
    post('/tokens/bulk', { action: 'disable', filter: { q: 'secret' }, dryRun: true }),
    post('/tokens/bulk', {
      action: 'disable',
      ids: [sibling.id, canary.id, session.id, ownCanary.id],
      dryRun: true,
    }),
  ],
  'GET /explanations/{traceId}': () => Object.values(rejected).map((id) => get(`/explanations/${id}`)),
  'POST /explanations': () => [
    post('/explanations', {}),
    post('/explanations', { tokenId: canary.id }),
    post('/explanations', { tokenId: sibling.id }),
    post('/explanations', { tokenPreview: canary.tokenPreview }),
  ],
  'GET /me/offers': () => [
    get('/me/offers'),
    get('/me/offers?q=secret'),
    (headers) => get('/me/offers')({ ...headers, Accept: 'text/csv' }),
  ],
  // Requires tokens:read, which sees the tokens of all users, except canaries.
  'GET /offers': () => [get('/offers')],
  // Requires audit:read, which reads all of the trail.
  'GET /audit-events': () => [get('/audit-events')],
};

/** Returns the texts of all responses of a route. */
async function answersOf(route: string, headers: Headers): Promise<string> {
  const { method, path, body } = await fixtures.requestTo(route);
  const listed: Call = (as) => server.client.request<unknown>(method, path, { headers: as, body });
  const calls = [listed, ...(REQUESTS[route]?.() ?? [])];
  const responses = await Promise.all(calls.map((call) => call(headers)));
  return responses.map(({ text }) => text).join('\n');
}

const idsIn = ({ body }: ApiResponse<unknown>) =>
  (body as { items: UserTokenDto[] }).items.map(({ id }) => id).sort();

describe('every route whose response names tokens', () => {
  it.each(READS)('%s hides other tokens and canaries from a limited token', async (route) => {
    const text = await answersOf(route, limited.headers);

    const secrets = [session, sibling, canary, ownCanary].flatMap(({ id, tokenPreview }) => [
      id,
      tokenPreview,
    ]);
    // The limited token names the one that it was created with.
    const named = text.replaceAll(`"createdByTokenId":"${session.id}"`, '').replaceAll(session.id + ',', ',');
    for (const secret of [...secrets, 'secret ', AGENT, rejected.sibling, rejected.canary, requestId]) {
      expect(named).not.toContain(secret);
    }
  });

  it.each(READS)('%s hides canaries from a limited token with tokens:read', async (route) => {
    const reader = await createToken(session, { permissions: HELD });

    const text = await answersOf(route, reader.headers);

    for (const secret of [canary, ownCanary].flatMap(({ id, note = '' }) => [id, note])) {
      expect(text).not.toContain(secret);
    }
  });

  it.each(['GET /me/tokens', 'GET /tokens', 'GET /tokens/{id}', 'POST /tokens/bulk', 'POST /explanations'])(
    '%s shows everything to a session without limits',
    async (route) => {
      const text = await answersOf(route, session.headers);

      expect(text).toContain(canary.id);
      expect(text).toContain(sibling.id);
    },
  );
});

describe('the permission filter', () => {
  const filter = { permission: 'roles:write' };
  const query = '?permission=roles:write';

  it.each([
    ['GET /users', () => get(`/users${query}`)],
    ['GET /users as CSV', () => (as: Headers) => get(`/users${query}`)({ ...as, Accept: 'text/csv' })],
    ['GET /tokens', () => get(`/tokens${query}`)],
    ['GET /tokens as CSV', () => (as: Headers) => get(`/tokens${query}`)({ ...as, Accept: 'text/csv' })],
    ['GET /me/tokens', () => get(`/me/tokens${query}`)],
    ['GET /users/{name}/tokens', () => get(`/users/${name}/tokens${query}`)],
    ['GET /roles', () => get(`/roles${query}`)],
    ['POST /tokens/bulk', () => post('/tokens/bulk', { action: 'disable', filter, dryRun: true })],
    ['POST /users/bulk', () => post('/users/bulk', { action: 'disable', filter, dryRun: true })],
  ])('of %s requires roles:read, because it reveals the permissions of roles', async (_, call) => {
    const rejected = await call()(session.headers);

    expect(rejected.status).toBe(403);
    expect(rejected.text).toContain('requires roles:read');
    expect((await call()(asAdmin)).status).toBe(200);
  });
});

describe('a limited token', () => {
  const own = () => [limited, child, grandchild].map(({ id }) => id).sort();

  it.each(['/me/tokens', '/tokens'])('lists itself and its descendants in %s', async (path) => {
    const response = await get(path)(limited.headers);

    expect(idsIn(response)).toEqual(own());
    expect(response.body).toMatchObject({ total: 3 });
    expect(idsIn(await get(path)(child.headers))).toEqual([child.id, grandchild.id].sort());
  });

  it('counts only them', async () => {
    const bulk = post('/tokens/bulk', { action: 'disable', filter: {}, dryRun: true });

    expect((await bulk(limited.headers)).body).toMatchObject({ count: 3 });
    expect((await get('/me/tokens?kind=canary')(limited.headers)).body).toMatchObject({ total: 0 });
  });

  it('gets the explanations of its own rejections, and of those of its descendants', async () => {
    const ofChild = await rejectionOf(child, 'service/1');
    const traceIds = (response: ApiResponse<unknown>) =>
      (response.body as { items: { traceId: string }[] }).items.map(({ traceId }) => traceId);

    const ofLimited = await rejectionOf(limited, 'service/1');
    expect(traceIds(await post('/explanations', {})(limited.headers))[0]).toBe(ofLimited);
    expect(traceIds(await post('/explanations', { tokenId: child.id })(limited.headers))).toEqual([ofChild]);
    expect((await get(`/explanations/${rejected.limited}`)(limited.headers)).status).toBe(200);
    expect((await get(`/explanations/${ofChild}`)(limited.headers)).status).toBe(200);
  });

  it.each([
    ['PATCH', (id: string) => server.client.updateToken(id, { note: 'x' }, { ...ANY, ...limited.headers })],
    ['rotate', (id: string) => server.client.rotateToken(id, limited.headers)],
    ['DELETE', (id: string) => server.client.revokeToken(id, limited.headers)],
    [
      'DELETE with descendants',
      (id: string) => server.client.revokeToken(id, limited.headers, '?descendants=true'),
    ],
  ])('gets the same 404 from %s for other tokens, canaries and unknown ids', async (_, call) => {
    const answers = [];
    for (const id of [sibling.id, canary.id, ownCanary.id, '01900000-0000-7000-8000-000000000000']) {
      const { status, body } = await call(id);
      answers.push([status, body?.code, body?.detail]);
    }

    expect(answers).toEqual(Array(4).fill([404, 'not_found', answers[0]?.[2]]));
  });

  it('gets the same result from a bulk request for them', async () => {
    const ids = [sibling.id, canary.id, ownCanary.id, '01900000-0000-7000-8000-000000000000'];

    const { body } = await server.client.bulkTokens({ action: 'revoke', ids }, limited.headers);

    expect(body.count).toBe(0);
    expect(body.results.map(({ status, code }) => [status, code])).toEqual(Array(4).fill([404, 'not_found']));
  });

  it('with tokens:write sees the other tokens of its user, which it can manage, but no canaries', async () => {
    const writer = await createToken(session, { permissions: ['tokens:write'] });

    const ids = idsIn(await get('/me/tokens?size=100')(writer.headers));

    expect(ids).toEqual(expect.arrayContaining([session.id, sibling.id, limited.id]));
    expect(ids).not.toContain(canary.id);
    expect((await server.client.revokeToken(canary.id, writer.headers)).status).toBe(404);
  });

  it('with users:read learns from no count how many canaries a user has', async () => {
    const reader = await createToken(session, { permissions: HELD });

    const { body: user } = await server.client.user(name, reader.headers);
    const [listed] = (await server.client.users(reader.headers, `?q=${name}`)).body.items;
    const { body } = await server.client.bulkUsers(
      { action: 'revokeTokens', ids: [name], dryRun: true },
      reader.headers,
    );
    const { body: tokens } = await server.client.userTokens(name, reader.headers);

    expect([user.tokenCount, listed?.tokenCount, body.tokenCount]).toEqual(Array(3).fill(tokens.total));
  });
});
