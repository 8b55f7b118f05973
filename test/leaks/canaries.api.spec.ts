import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type AuditEventDto, type UserTokenDto } from '@latchkey/auth-models';
import { createVerifier } from '@latchkey/client/verifier';
import { AuditTallies } from '../../apps/api/src/audit/counts/audit-tallies.service.js';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { TokensRepository } from '../../apps/api/src/tokens/model/tokens.repository.js';
import { CanaryAlarms } from '../../apps/api/src/tokens/usage/canary-alarms.service.js';
import { createTokenSecret, digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import {
  flushTokenUsage,
  settleCanaries,
  settleLeakReports,
  useAdmin,
  useServer,
} from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

afterEach(() => {
  jest.restoreAllMocks();
});

async function createCanary(note = 'in the wiki'): Promise<UserTokenDto> {
  const user = newUser();
  await server.client.createUser(user, asAdmin);
  const { status, body } = await server.client.createUserToken(user.name, asAdmin, { kind: 'canary', note });
  expect(status).toBe(201);
  return body;
}

const bearer = ({ token }: Pick<UserTokenDto, 'token'>): Headers => ({
  Authorization: `Bearer ${token}`,
  'User-Agent': 'thief/1',
});

async function use(canary: UserTokenDto, times = 1): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    expect((await server.client.me(bearer(canary))).status).toBe(401);
  }
  await settleCanaries(server);
}

async function alarmsOf({ id }: UserTokenDto): Promise<AuditEventDto[]> {
  const query = `?subject=${id}&action=authn_canary_used`;
  return (await server.client.auditEvents(asAdmin, query)).body.items;
}

async function usesInMetrics(): Promise<number> {
  const { text } = await server.client.request('GET', '/metrics', { headers: asAdmin });
  return Number(/^latchkey_canary_uses_total\{by="request"\} (\d+)$/m.exec(text)?.[1]);
}

describe('a canary', () => {
  const WAYS: [string, string, string, (token: UserTokenDto) => { headers: Headers; body?: unknown }][] = [
    ['X-Auth-Token', 'GET', '/me', (token) => ({ headers: tokenHeader(token) })],
    [
      'X-Auth-Token of another user',
      'GET',
      '/me',
      ({ token }) => ({ headers: tokenHeader({ user: 'admin', token }) }),
    ],
    ['Bearer', 'GET', '/me', (token) => ({ headers: bearer(token) })],
    ['verify', 'GET', '/auth/verify', (token) => ({ headers: tokenHeader(token) })],
    [
      'a session cookie',
      'GET',
      '/auth/session',
      ({ token }) => ({
        headers: { 'Sec-Fetch-Site': 'same-origin', Cookie: `__Host-latchkey=${token}` },
      }),
    ],
    ['bump', 'POST', '/auth/bump', (token) => ({ headers: tokenHeader(token) })],
    ['logout', 'POST', '/auth/logout', (token) => ({ headers: tokenHeader(token) })],
    ['the feed', 'GET', '/auth/revocations', (token) => ({ headers: tokenHeader(token) })],
    ['metrics', 'GET', '/metrics', (token) => ({ headers: tokenHeader(token) })],
    [
      'introspection',
      'POST',
      '/auth/introspect',
      ({ token }) => ({
        headers: asAdmin,
        body: new URLSearchParams({ token: token ?? '', explain: 'true' }),
      }),
    ],
    [
      'a leak report',
      'POST',
      '/auth/report-leak',
      ({ token }) => ({ headers: {}, body: { tokens: [token] } }),
    ],
  ];

  it.each(WAYS)(
    'gets the response of an unknown token, and raises an alarm: %s',
    async (_, method, path, requestOf) => {
      const canary = await createCanary();
      const unknown = { ...canary, token: createTokenSecret() };
      const responseTo = async (token: UserTokenDto) => {
        const { headers, body } = requestOf(token);
        const response = await server.client.request(method, path, { headers, body: body as object });
        return {
          status: response.status,
          text: response.text.replace(/"(traceId|request_id)":"[^"]+"/, ''),
          names: [...response.headers.keys()],
        };
      };

      const forUnknown = await responseTo(unknown);
      const forCanary = await responseTo(canary);
      await settleLeakReports(server);
      await settleCanaries(server);

      expect(forCanary).toEqual(forUnknown);
      expect(await alarmsOf(canary)).toHaveLength(1);
    },
  );

  it('is not found by the queries for presented tokens, so rejecting it is the same work', async () => {
    const canary = await createCanary();
    const tokens = server.app.get(PresentedTokenReader, { strict: false });
    const queries = [jest.spyOn(tokens, 'findByDigest'), jest.spyOn(tokens, 'findBySupersededDigest')];

    await use(canary);

    for (const query of queries) {
      expect(query).toHaveBeenCalledTimes(1);
      expect(await query.mock.results[0]?.value).toBeNull();
    }
  });

  it('records address, user agent, note and preview in the trail, the log and the token, and counts in the metrics', async () => {
    const canary = await createCanary();
    const before = await usesInMetrics();

    await use(canary);

    expect(await alarmsOf(canary)).toMatchObject([
      {
        outcome: 'failure',
        subject: { kind: 'token', id: canary.id, name: canary.user },
        address: '127.0.0.1',
        after: { note: 'in the wiki', tokenPreview: canary.tokenPreview, userAgent: 'thief/1', count: 1 },
      },
    ]);
    const line = server.log
      .split('\n')
      .find((text) => text.includes('A canary was used') && text.includes(canary.id));
    expect(JSON.parse(line ?? '')).toMatchObject({
      note: 'in the wiki',
      address: '127.0.0.1',
      agent: 'thief/1',
    });
    await flushTokenUsage(server);
    const { body: shown } = await server.client.token(canary.id, asAdmin);
    expect(shown).toMatchObject({ kind: 'canary', lastUsageAddress: '127.0.0.1', lastUsageAgent: 'thief/1' });
    expect(await usesInMetrics()).toBe(before + 1);
    const { body: used } = await server.client.tokens(
      asAdmin,
      `?kind=canary&neverUsed=false&user=${canary.user}`,
    );
    expect(used.total).toBe(1);
  });

  it('names the client and the service in the alarm, and counts one use, when a verifier rejects it', async () => {
    const canary = await createCanary();
    const { body: service } = await server.client.createUserToken('admin', asAdmin, {});
    const verifier = createVerifier({ url: server.client.baseUrl, token: service.token ?? '' });

    const client = { address: '192.0.2.7', agent: 'thief/1' };
    const verified = verifier.verify({ authorization: `Bearer ${canary.token}` }, client);
    await expect(verified).rejects.toMatchObject({ status: 401 });
    await settleCanaries(server);
    await verifier.close();

    expect(await alarmsOf(canary)).toMatchObject([
      {
        address: '192.0.2.7',
        after: { userAgent: 'thief/1', service: 'admin', count: 1 },
      },
    ]);
    await flushTokenUsage(server);
    const { body: shown } = await server.client.token(canary.id, asAdmin);
    expect(shown).toMatchObject({ lastUsageAddress: '192.0.2.7', lastUsageAgent: 'thief/1' });
  });

  it('names no address in the alarm if the verifier does not know that of the client', async () => {
    const canary = await createCanary();
    const { body: service } = await server.client.createUserToken('admin', asAdmin, {});
    const verifier = createVerifier({ url: server.client.baseUrl, token: service.token ?? '' });

    await expect(verifier.verify(canary.token ?? '', { method: 'GET' })).rejects.toMatchObject({
      status: 401,
    });
    await settleCanaries(server);
    await verifier.close();

    expect(await alarmsOf(canary)).toEqual([
      expect.objectContaining({
        address: 'unknown',
        after: expect.not.objectContaining({ userAgent: expect.anything() }),
      }),
    ]);
  });

  it('writes one entry at first, then one with a count after a minute, however often it is used', async () => {
    const canary = await createCanary();
    await use(canary, 3);
    await use(canary, 20);
    await use(canary, 10);
    expect((await alarmsOf(canary)).map(({ after }) => after?.['count'])).toEqual([3]);

    const now = Date.now() + 61_000;
    jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => now);
    await server.app.get(AuditTallies, { strict: false }).flush();
    await use(canary, 5);

    expect((await alarmsOf(canary)).map(({ after }) => after?.['count'])).toEqual([30, 3]);
    expect(server.log.split('A canary was used').filter((text) => text.includes(canary.id))).toHaveLength(1);
  });

  it('writes at most 31 entries a day, with all uses, for a canary in steady use', async () => {
    const canary = await createCanary();
    const tallies = server.app.get(AuditTallies, { strict: false });
    const alarms = server.app.get(CanaryAlarms, { strict: false });
    const digest = digestOf(canary.token ?? '');
    let now = Date.now();
    jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => now);
    const useInMinutes = async (minutes: number, traceId: string) => {
      now += minutes * 60_000;
      await tallies.flush();
      alarms.take(digest, { address: '203.0.113.9', agent: undefined, traceId });
      await alarms.settle();
    };
    const times = 24 * 60;

    for (let minute = 0; minute < times; minute += 1) {
      await useInMinutes(1, `steady-${minute}`);
    }
    now += 3_600_000;
    await tallies.flush();

    const { items } = (
      await server.client.auditEvents(asAdmin, `?subject=${canary.id}&action=authn_canary_used&size=100`)
    ).body;
    expect(items.length).toBeGreaterThan(20);
    expect(items.length).toBeLessThanOrEqual(31);
    expect(items.map(({ after }) => Number(after?.['count'])).reduce((sum, count) => sum + count)).toBe(
      times,
    );

    await useInMinutes(25 * 60, 'later');
    expect((await alarmsOf(canary))[0]).toMatchObject({ traceId: 'later', after: { count: 1 } });
  });

  it('raises the alarms of other canaries when one cannot be written, and writes it later', async () => {
    const canaries = [await createCanary(), await createCanary()];
    const audit = server.app.get(AuditService, { strict: false });
    jest.spyOn(audit, 'record').mockRejectedValueOnce(new Error('disk full'));

    for (const canary of canaries) {
      await server.client.me(bearer(canary));
    }
    await settleCanaries(server);
    const written = await Promise.all(canaries.map(alarmsOf));
    expect(written.map(({ length }) => length).sort()).toEqual([0, 1]);
    const failed = canaries.find((_, index) => written[index]?.length === 0);
    expect(server.log).toMatch(
      new RegExp(`"tokenId":"${failed?.id}".*A canary was used, but the alarm could not be written`),
    );

    await settleCanaries(server);
    for (const canary of canaries) {
      expect((await alarmsOf(canary)).map(({ after }) => after?.['count'])).toEqual([1]);
    }
  });

  it('logs that presented secrets could not be compared, and recovers', async () => {
    const [missed, found] = [await createCanary(), await createCanary()];
    jest
      .spyOn(server.app.get(TokensRepository, { strict: false }), 'findCanaries')
      .mockRejectedValueOnce(new Error('no connection'));

    await server.client.me(bearer(missed));
    await settleCanaries(server);
    await server.client.me(bearer(found));
    await settleCanaries(server);

    expect(server.log).toMatch(
      /"message":"no connection".*Unknown tokens could not be compared with canaries/,
    );
    expect(await alarmsOf(found)).toHaveLength(1);
  });

  it('logs once a minute that secrets were dropped because too many wait', () => {
    const alarms = server.app.get(CanaryAlarms, { strict: false });
    jest
      .spyOn(server.app.get(TokensRepository, { strict: false }), 'findCanaries')
      .mockResolvedValue(new Map());
    const drops = () => server.log.split('Too many unknown tokens wait').length - 1;
    const origin = { address: '192.0.2.7', agent: undefined, traceId: 'flood' };

    for (let count = 0; count < 20_010; count += 1) {
      alarms.take(`digest ${count}`, origin);
    }

    expect(drops()).toBe(1);
    return settleCanaries(server);
  });

  it('raises an alarm with the source when it is reported as leaked, and keeps working', async () => {
    const canary = await createCanary();

    const texts = [canary.token ?? '', tokenHeader(canary)['X-Auth-Token'] ?? ''];
    await server.client.reportLeak({ tokens: texts, source: 'gitleaks' });
    await settleLeakReports(server);
    await settleCanaries(server);

    expect(await alarmsOf(canary)).toMatchObject([{ after: { source: 'gitleaks', count: 1 } }]);
    expect((await server.client.token(canary.id, asAdmin)).body.state).toBe('active');
  });

  it('keeps working when all tokens of its user are revoked, until it is disabled or revoked', async () => {
    const canary = await createCanary();
    await server.client.revokeUserTokens(canary.user, asAdmin);
    await use(canary);
    expect(await alarmsOf(canary)).toHaveLength(1);

    const { body } = await server.client.token(canary.id, asAdmin);
    const change = { enabled: false, note: 'moved', version: body.version };
    expect((await server.client.updateToken(canary.id, change, asAdmin)).status).toBe(200);
    await use(canary);
    expect((await server.client.revokeToken(canary.id, asAdmin)).status).toBe(204);
    await use(canary);
    expect(await alarmsOf(canary)).toHaveLength(1);
  });

  it('cannot be rotated, extended or limited', async () => {
    const canary = await createCanary();
    const expirationTime = new Date(Date.now() + 86_400_000).toISOString();
    const changes = [
      { expirationTime },
      { permissions: [] },
      { roles: [] },
      { maxUses: 1 },
      { metadata: {} },
    ];

    for (const change of changes) {
      const { status, body } = await server.client.updateToken(canary.id, { ...change, version: 0 }, asAdmin);
      expect([change, status, body.code]).toEqual([change, 409, 'conflict']);
    }
    expect((await server.client.rotateToken(canary.id, asAdmin)).body.code).toBe('conflict');
    await use(canary);
    expect(await alarmsOf(canary)).toHaveLength(1);
  });

  it.each([{ expiresIn: 60 }, { permissions: [] }, { roles: [] }, { maxUses: 1 }, { metadata: {} }])(
    'returns 422 when it is created with %j',
    async (limit) => {
      const { status } = await server.client.createUserToken('admin', asAdmin, { kind: 'canary', ...limit });

      expect(status).toBe(422);
    },
  );

  it('can be created by users for themselves, and counts towards the maximum of tokens', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const asUser = await server.client.loginHeaders(user.name, PASSWORD);
    const codes: (string | undefined)[] = [];
    for (let count = 0; count < 51; count += 1) {
      codes.push((await server.client.createMyToken(asUser, { kind: 'canary' })).body.code);
    }

    expect(codes).toEqual([...Array.from({ length: 50 }, () => undefined), 'token_limit']);
    expect((await server.client.myTokens(asUser, '?kind=canary')).body.total).toBe(50);
  });
});

describe('GET /metrics, open to everyone', () => {
  const open = useServer({ environment: { LATCHKEY_METRICS: 'open' } });

  it('does not count uses of canaries', async () => {
    const { text } = await open.client.request('GET', '/metrics');

    expect(text).toContain('latchkey_verifications_total');
    expect(text).not.toContain('canary');
  });
});
