import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CreateTokenDto, type UpdateTokenDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { flushTokenUsage, useAdmin, useServer, stopClock } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const HERE = '203.0.113.7';
const from = (address: string): Headers => ({ 'X-Forwarded-For': address });

const server = useServer({
  environment: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1', LATCHKEY_API_TOKENS_PER_USER: '1000' },
});
const asAdmin = useAdmin(server);
const { auditEventsOf, createToken, signUp } = useTokens(server, asAdmin);

let session: TokenWithHeaders;

beforeAll(async () => {
  session = await signUp();
});

const update = (token: { id: string }, dto: UpdateTokenDto, headers: Headers = session.headers) =>
  server.client.updateToken(token.id, dto, { ...headers, 'If-Match': '*' });
const verify = async ({ headers }: { headers: Headers }, address = HERE) => {
  const answer = await server.client.verify({ ...headers, ...from(address) });
  const challenge = answer.headers.get('www-authenticate')?.match(/error="(\w+)"/)?.[1];
  return [answer.status, answer.headers.get('x-auth-error') ?? challenge ?? null];
};
const shown = async ({ id }: { id: string }) => (await server.client.token(id, session.headers)).body;
const createChild = ({ headers }: { headers: Headers }, dto?: CreateTokenDto, address = HERE) =>
  server.client.createMyToken({ ...headers, ...from(address) }, dto);

const ALL = {
  allowedAddresses: ['203.0.113.0/24', '2001:DB8::/32', '::ffff:192.0.2.1'],
  notBefore: '2026-01-01T00:00:00.000Z',
  maxUses: 5,
  rateLimit: { limit: 3, windowSeconds: 3_600 },
  metadata: { tenant: 'acme', tags: ['ä', 7] },
};
const SHOWN = { ...ALL, allowedAddresses: ['203.0.113.0/24', '2001:db8::/32', '192.0.2.1'], usesLeft: 5 };

describe('use limits of a token', () => {
  it('are in its response, in lists, and in the audit trail', async () => {
    const token = await createToken(session, ALL);

    expect(token).toMatchObject(SHOWN);
    expect(await shown(token)).toMatchObject(SHOWN);
    const list = await server.client.myTokens(session.headers, '?q=&size=200');
    expect(list.body.items.find(({ id }) => id === token.id)).toMatchObject(SHOWN);
    const csv = await server.client.request('GET', '/me/tokens', {
      headers: { ...session.headers, Accept: 'text/csv' },
    });
    expect(csv.text).toContain('203.0.113.0/24 2001:db8::/32 192.0.2.1,2026-01-01T00:00:00.000Z,5,5,');
    const { usesLeft: _, ...audited } = SHOWN;
    expect((await auditEventsOf(token.id))[0]?.after).toMatchObject(audited);
  });

  it('are in GET /me of the token', async () => {
    const { headers } = await createToken(session, ALL);

    const { body } = await server.client.me({ ...headers, ...from(HERE) });

    expect(body.token).toMatchObject({ ...SHOWN, usesLeft: 4 });
  });

  it('change with a patch, which null removes and absent members keep', async () => {
    const token = await createToken(session, ALL);

    const { body } = await update(token, { maxUses: null, metadata: { tenant: 'other' } });
    const { maxUses: _, usesLeft: __, ...rest } = SHOWN;
    expect(body).toMatchObject({ ...rest, metadata: { tenant: 'other' } });
    expect(body).not.toHaveProperty('maxUses');
    expect(body).not.toHaveProperty('usesLeft');
    expect((await auditEventsOf(token.id)).at(-1)).toMatchObject({
      before: { maxUses: 5, metadata: ALL.metadata },
      after: { maxUses: null, metadata: { tenant: 'other' } },
    });

    const nothing = { allowedAddresses: null, notBefore: null, rateLimit: null, metadata: null };
    const bare = await update(token, nothing);
    Object.keys(nothing).forEach((member) => expect(bare.body).not.toHaveProperty(member));
    const same = await update(token, nothing);
    expect(same.body.version).toBe(bare.body.version);
  });

  it.each<[string, object, string]>([
    ['/allowedAddresses', { allowedAddresses: ['10.0.0.5/8'] }, 'send 10.0.0.0/8'],
    ['/allowedAddresses', { allowedAddresses: [] }, 'must not be empty'],
    ['/allowedAddresses', { allowedAddresses: ['example.org'] }, 'send an address such as'],
    ['/allowedAddresses', { allowedAddresses: Array.from({ length: 33 }, (_, i) => `10.0.0.${i}`) }, '32'],
    ['/notBefore', { notBefore: 'tomorrow' }, 'date and time'],
    ['/notBefore', { notBefore: '2026-12-31T23:59:60Z' }, 'notBefore'],
    ['/notBefore', { notBefore: '9999-01-01T00:00:00Z' }, 'before the token expires'],
    ['/maxUses', { maxUses: 0 }, '1'],
    ['/maxUses', { maxUses: 1.5 }, 'whole number'],
    ['/rateLimit', { rateLimit: [] }, 'object'],
    ['/rateLimit/limit', { rateLimit: { limit: 0, windowSeconds: 1 } }, '1'],
    ['/rateLimit/windowSeconds', { rateLimit: { limit: 1, windowSeconds: 86_401 } }, '86400'],
    ['/rateLimit/windowSeconds', { rateLimit: { limit: 1 } }, 'missing'],
    ['/rateLimit/burst', { rateLimit: { limit: 1, windowSeconds: 1, burst: 1 } }, 'burst'],
    ['/metadata', { metadata: [] }, 'JSON object'],
    ['/metadata', { metadata: { text: 'ä'.repeat(1_024) } }, 'at most 2048 bytes'],
    ['/metadata', { metadata: { text: 'ä'.repeat(800) } }, 'at most 3072 characters'],
    ['/metadata', { metadata: { a: { b: { c: { d: { e: {} } } } } } }, 'levels'],
    ['/metadata', { metadata: { id: 12_345_678_901_234_567_890 } }, 'integers within'],
    ['/metadata/constructor', { metadata: { constructor: 1 } }, 'constructor'],
  ])('are rejected at %s, and nothing is saved: %j', async (pointer, dto, message) => {
    const token = await createToken(session);
    const before = await server.client.myTokens(session.headers);

    const created = await server.client.createMyToken(session.headers, { note: 'bad', ...dto });
    const updated = await update(token, { note: 'bad', ...dto });

    for (const { status, body } of [created, updated]) {
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
      expect(body.errors?.[0]?.message).toContain(message);
    }
    const after = await server.client.myTokens(session.headers);
    expect(after.body.total).toBe(before.body.total);
    expect(await shown(token)).toMatchObject({ version: token.version });
    expect(await shown(token)).not.toHaveProperty('note');
  });
});

describe('allowedAddresses', () => {
  it('reject other addresses with 403, which names the address, and is audited', async () => {
    const token = await createToken(session, { allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'] });

    expect(await verify(token)).toEqual([200, null]);
    expect(await verify(token, '2001:db8:1::1')).toEqual([200, null]);
    expect(await verify(token, '::ffff:203.0.113.9')).toEqual([200, null]);
    expect(await verify(token, '198.51.100.1')).toEqual([403, 'address_not_allowed']);
    expect(await verify(token, '2001:db9::1')).toEqual([403, 'address_not_allowed']);
    const { status, body } = await server.client.me({ ...token.headers, ...from('198.51.100.1') });
    expect([status, body.code]).toEqual([403, 'address_not_allowed']);
    expect(body.detail).toMatch(/198\.51\.100\.1.*LATCHKEY_TRUSTED_PROXIES/);
    const events = await server.client.auditEvents(asAdmin, `?actor=${session.user}&action=authz_fail`);
    expect(events.body.items[0]).toMatchObject({
      after: { code: 'address_not_allowed', tokenId: token.id },
      address: '198.51.100.1',
    });
  });

  it('reject a client whose address the proxy does not send', async () => {
    const token = await createToken(session, { allowedAddresses: ['127.0.0.1', '::1'] });

    const { status, body } = await server.client.me(token.headers);

    expect([status, body.code]).toEqual([403, 'address_not_allowed']);
    expect(body.detail).toMatch(
      /unknown.*127\.0\.0\.1 is a trusted proxy, but sent no valid X-Forwarded-For/,
    );
  });

  it('limit descendants, now and when they are narrowed', async () => {
    const parent = await createToken(session, { allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'] });
    const child = (await createChild(parent)).body;
    const grandchild = (
      await createChild({ headers: parent.headers }, { allowedAddresses: ['203.0.113.8/29'] })
    ).body;
    const wider = await createChild(parent, { allowedAddresses: ['203.0.112.0/23'] });
    expect(child.allowedAddresses).toEqual(parent.allowedAddresses);
    expect([wider.status, wider.body.code]).toEqual([403, 'forbidden']);

    expect((await update(parent, { allowedAddresses: ['203.0.113.0/28', '192.0.2.1'] })).status).toBe(200);

    expect((await shown(child)).allowedAddresses).toEqual(['203.0.113.0/28']);
    expect((await auditEventsOf(parent.id)).at(-1)?.after).toMatchObject({ narrowedDescendants: 1 });
    expect((await shown(grandchild)).allowedAddresses).toEqual(['203.0.113.8/29']);
    await update(parent, { allowedAddresses: ['192.0.2.1'] });
    expect((await shown(child)).allowedAddresses).toEqual([]);
  });

  it('are demanded of introspection', async () => {
    const token = await createToken(session, { allowedAddresses: ['203.0.113.0/24'] });
    const introspect = async (form: Record<string, string>) =>
      (await server.client.introspect({ token: token.token!, ...form }, { ...asAdmin, ...from(HERE) })).body;

    expect(await introspect({})).toEqual({ active: false });
    expect(await introspect({ address: '198.51.100.1' })).toEqual({ active: false });
    expect(await introspect({ address: '::ffff:203.0.113.9' })).toMatchObject({ active: true });
    expect(await introspect({ address: 'nonsense' })).toMatchObject({ code: 'validation_failed' });
  });
});

describe('notBefore', () => {
  it('rejects the token before', async () => {
    const start = new Date(Date.now() + 60_000);
    const token = await createToken(session, { notBefore: start.toISOString() });

    expect(token.state).toBe('pending');
    expect(await verify(token)).toEqual([401, 'token_not_yet_valid']);
    stopClock(server, start.getTime() + 1);
    expect(await verify(token)).toEqual([200, null]);
    const { body } = await server.client.introspect({ token: token.token! }, asAdmin);
    expect(body.nbf).toBe(Math.floor(start.getTime() / 1_000));
  });

  it('must be before a changed expiry', async () => {
    const token = await createToken(session, { notBefore: new Date(Date.now() + 3_600_000).toISOString() });

    const { status, body } = await update(token, { expiresIn: 60 });

    expect([status, body.errors?.[0]?.code]).toEqual([422, 'after_expiry']);
    expect((await update(token, { expiresIn: 60, notBefore: null })).status).toBe(200);
  });
});

describe('maxUses', () => {
  it('accepts exactly as many uses, by any route', async () => {
    const token = await createToken(session, { maxUses: 3 });

    expect((await server.client.me(token.headers)).status).toBe(200);
    expect(await shown(token)).toMatchObject({ maxUses: 3, usesLeft: 2, state: 'active' });
    const { body } = await server.client.introspect({ token: token.token! }, asAdmin);
    expect(body.active).toBe(true);
    expect(await verify(token)).toEqual([200, null]);
    expect(await verify(token)).toEqual([401, 'token_used_up']);
    await flushTokenUsage(server);
    expect(await shown(token)).toMatchObject({ usesLeft: 0, state: 'expired', lastUsageAddress: HERE });
  });

  it('accepts one of many uses at the same time', async () => {
    const token = await createToken(session, { maxUses: 1 });

    const answers = await Promise.all(Array.from({ length: 200 }, () => verify(token)));

    expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
    expect(answers.filter(([, code]) => code === 'token_used_up')).toHaveLength(199);
  });

  it('is not used up by rejections, nor by the second check of a request', async () => {
    const token = await createToken(session, { maxUses: 1, allowedAddresses: [HERE] });

    expect(await verify(token, '198.51.100.1')).toEqual([403, 'address_not_allowed']);
    await update(token, { enabled: false });
    expect(await verify(token)).toEqual([401, 'token_disabled']);
    await update(token, { enabled: true });
    const { status } = await server.client.updateMe(
      { displayName: 'New' },
      { ...token.headers, ...from(HERE), 'If-Match': '*' },
    );
    expect(status).toBe(200);
  });

  it('counts the uses so far when it changes', async () => {
    const token = await createToken(session, { maxUses: 3 });
    await verify(token);
    await verify(token);

    expect((await update(token, { maxUses: 10 })).body.usesLeft).toBe(8);
    expect((await update(token, { maxUses: 2 })).body.errors?.[0]?.message).toContain('2 uses so far');
    expect((await update(token, { maxUses: 3 })).body.usesLeft).toBe(1);
  });

  it('is kept by a rotation', async () => {
    const token = await createToken(session, { ...ALL, maxUses: 3, allowedAddresses: [HERE] });
    await verify(token);

    const { body } = await server.client.rotateToken(token.id, session.headers);

    expect(body).toMatchObject({ ...ALL, allowedAddresses: [HERE], maxUses: 3, usesLeft: 2 });
  });
});

describe('rateLimit', () => {
  it('rejects further uses until the window ends', async () => {
    const token = await createToken(session, { rateLimit: { limit: 2, windowSeconds: 3_600 } });
    const now = Date.now();
    stopClock(server, now);

    expect([await verify(token), await verify(token)]).toEqual([
      [200, null],
      [200, null],
    ]);
    const forGateway = await server.client.verify(token.headers);
    const { status, body, headers } = await server.client.me(token.headers);

    expect([status, body.code]).toEqual([429, 'rate_limited']);
    expect(headers.get('ratelimit-policy')).toBe('"token";q=2;w=3600');
    expect(headers.get('ratelimit')).toBe(`"token";r=0;t=${headers.get('retry-after')}`);
    expect([forGateway.status, forGateway.headers.get('x-auth-error')]).toEqual([403, 'rate_limited']);
    expect(Number(forGateway.headers.get('retry-after'))).toBeGreaterThan(0);
    const { body: inactive } = await server.client.introspect({ token: token.token! }, asAdmin);
    expect(inactive).toEqual({ active: false });
  });
});

describe('metadata', () => {
  it('is returned to those who verify the token', async () => {
    const token = await createToken(session, { metadata: ALL.metadata });

    const { headers } = await server.client.verify(token.headers);
    const { body } = await server.client.introspect({ token: token.token! }, asAdmin);

    expect(headers.get('x-auth-metadata')).toBe('{"tenant":"acme","tags":["\\u00e4",7]}');
    expect(body.metadata).toEqual(ALL.metadata);
  });
});

describe('a token with use limits', () => {
  it.each<[string, CreateTokenDto, UpdateTokenDto[]]>([
    [
      'allowedAddresses',
      { allowedAddresses: [HERE] },
      [
        { allowedAddresses: null },
        { allowedAddresses: [HERE, '192.0.2.1'] },
        { allowedAddresses: ['203.0.113.0/24'] },
      ],
    ],
    [
      'notBefore',
      { notBefore: '2026-01-02T00:00:00Z' },
      [{ notBefore: null }, { notBefore: '2026-01-01T00:00:00Z' }],
    ],
    ['maxUses', { maxUses: 50 }, [{ maxUses: null }, { maxUses: 51 }]],
    [
      'rateLimit',
      { rateLimit: { limit: 20, windowSeconds: 3_600 } },
      [
        { rateLimit: null },
        { rateLimit: { limit: 21, windowSeconds: 3_600 } },
        { rateLimit: { limit: 20, windowSeconds: 3_599 } },
        { rateLimit: { limit: 20, windowSeconds: 7_200 } },
      ],
    ],
    ['metadata', { metadata: { plan: 'free' } }, [{ metadata: null }, { metadata: { plan: 'paid' } }]],
  ])('cannot loosen its own %s, but others can', async (_, dto, changes) => {
    const token = await createToken(session, dto);

    for (const change of changes) {
      const own = await update(token, change, { ...token.headers, ...from(HERE) });
      expect([own.status, own.body.code]).toEqual([403, 'forbidden']);
    }
    for (const change of changes) {
      expect((await update(token, change)).status).toBe(200);
    }
  });

  it.each<[string, CreateTokenDto, UpdateTokenDto]>([
    ['allowedAddresses', { allowedAddresses: ['203.0.113.0/24'] }, { allowedAddresses: [HERE] }],
    ['notBefore', { notBefore: '2026-01-02T00:00:00Z' }, { notBefore: '2026-01-03T00:00:00Z' }],
    ['maxUses', { maxUses: 50 }, { maxUses: 49 }],
    [
      'rateLimit',
      { rateLimit: { limit: 20, windowSeconds: 60 } },
      { rateLimit: { limit: 19, windowSeconds: 60 } },
    ],
  ])('can tighten its own %s', async (_, dto, change) => {
    const token = await createToken(session, dto);

    expect((await update(token, change, { ...token.headers, ...from(HERE) })).status).toBe(200);
  });

  it.each<[string, CreateTokenDto]>([
    ['allowedAddresses', { allowedAddresses: [HERE] }],
    ['maxUses', { maxUses: 50 }],
    ['rateLimit', { rateLimit: { limit: 20, windowSeconds: 3_600 } }],
    ['metadata', { metadata: { plan: 'free' } }],
  ])('cannot use another token to get around %s', async (_, dto) => {
    const token = await createToken(session, dto);
    const other = await createToken(session, { ...dto, maxUses: 50 });
    const bare = await createToken(session);
    const disabled = await createToken(session);
    await update(disabled, { enabled: false });
    const headers = { ...token.headers, ...from(HERE) };

    const rotated = await server.client.rotateToken(bare.id, headers);
    const enabled = await update(disabled, { enabled: true }, headers);
    const member = Object.keys(dto)[0]!;
    const loosened = await update(other, { [member]: null }, headers);
    const bulk = await server.client.bulkTokens({ action: 'enable', ids: [disabled.id] }, headers);

    expect([rotated, enabled, loosened].map(({ status, body }) => [status, body.code])).toEqual(
      [1, 2, 3].map(() => [403, 'forbidden']),
    );
    expect(bulk.body.results).toMatchObject([{ status: 403, code: 'forbidden' }]);
  });

  it.each<CreateTokenDto>([{ maxUses: 50 }, { rateLimit: { limit: 20, windowSeconds: 3_600 } }])(
    'creates no tokens, and rotates itself: %j',
    async (dto) => {
      const token = await createToken(session, dto);

      const { status, body } = await createChild(token);
      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect(body.detail).toContain('maxUses or rateLimit');
      expect((await server.client.rotateToken(token.id, token.headers)).status).toBe(200);
    },
  );

  it('of a user with more permissions can be loosened only by those who hold them', async () => {
    const admin = await signUp({ roles: ['admin'] });
    const token = await createToken(admin, { maxUses: 5 });
    const limited = await createToken(admin, { permissions: ['tokens:read', 'tokens:write'] });

    const { status, body } = await update(token, { maxUses: 9 }, limited.headers);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect((await update(token, { maxUses: 4 }, limited.headers)).status).toBe(200);
  });

  it('is never a session', async () => {
    const { status, body } = await update(session, { maxUses: 5, notBefore: null });

    expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([422, ['/maxUses']]);
    expect((await update(session, { maxUses: null })).status).toBe(200);
  });

  it('passes its metadata on', async () => {
    const token = await createToken(session, { metadata: { plan: 'free' } });

    expect((await createChild(token)).body.metadata).toEqual({ plan: 'free' });
    expect((await createChild(token, { metadata: { plan: 'paid' } })).status).toBe(403);
  });
});
