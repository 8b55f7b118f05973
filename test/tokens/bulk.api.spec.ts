import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BULK_IDS_MAX, type BulkItemResultDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { failAuditEvent } from '../support/paused-requests.js';
import { IN_90_DAYS, useBulkTokens } from './use-bulk-tokens.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

afterEach(() => {
  jest.restoreAllMocks();
});

describe('bulk changes', () => {
  const DAY = 86_400_000;
  const tokens = useBulkTokens(server, asAdmin);

  const codes = (results: BulkItemResultDto[]) => results.map(({ id, status, code }) => [id, status, code]);
  const entries = async (action: string) =>
    (
      await server.database.query<{ after: string; subjectName: string }>(
        `SELECT * FROM audit_events WHERE action = '${action}' AND "subjectName" = 'bulk'`,
      )
    ).filter(({ after }) => after.includes(`${tokens.series}-`));

  describe('POST /tokens/bulk', () => {
    it("disables and enables the caller's own tokens, each once", async () => {
      const disabled = await tokens.bulk({ action: 'disable', ids: [...tokens.ids, tokens.ids[0]] });
      const states = await Promise.all(tokens.ids.map(tokens.read));
      const enabled = await tokens.bulk({ action: 'enable', ids: tokens.ids });

      expect([disabled.status, disabled.body]).toMatchObject([200, { count: 3, results: tokens.each(200) }]);
      expect(states.map(({ state, version }) => [state, version])).toEqual(Array(3).fill(['disabled', 1]));
      expect(enabled.body.results).toEqual(tokens.each(200));
      expect(await tokens.read(tokens.ids[0])).toMatchObject({ state: 'active', version: 2 });
    });

    it('revokes tokens', async () => {
      const { body } = await tokens.bulk({ action: 'revoke', ids: tokens.ids });
      const again = await tokens.bulk({ action: 'revoke', ids: tokens.ids });

      expect(body).toMatchObject({ count: 3, results: tokens.each(204) });
      expect(codes(again.body.results)).toEqual(tokens.ids.map((id) => [id, 404, 'not_found']));
      expect(await tokens.read(tokens.ids[0])).toMatchObject({ state: 'revoked', version: 0 });
    });

    it('extends tokens, and returns 409 for those that expire later', async () => {
      const later = new Date(IN_90_DAYS + DAY).toISOString();
      const [first = '', second = ''] = tokens.ids;
      await server.database.execute(
        `UPDATE tokens SET "expirationTime" = ${IN_90_DAYS + 2 * DAY} WHERE id = '${second}'`,
      );

      const { body } = await tokens.bulk({ action: 'extend', ids: tokens.ids, expirationTime: later });

      expect(codes(body.results)).toEqual(
        tokens.ids.map((id) => (id === second ? [id, 409, 'conflict'] : [id, 200, undefined])),
      );
      expect(await tokens.read(first)).toMatchObject({ expirationTime: later, version: 1 });
      expect(await tokens.read(second)).toMatchObject({ version: 0 });
    });

    it('limits an extension to the maximum, with a warning', async () => {
      await tokens.bulk({
        action: 'extend',
        ids: [tokens.owner.presented],
        expirationTime: '2999-01-01T00:00:00Z',
      });

      const { body } = await tokens.bulk({
        action: 'extend',
        ids: [tokens.ids[0], tokens.owner.presented],
        expirationTime: '2999-01-01T00:00:00Z',
      });

      const { expirationTime = '' } = await tokens.read(tokens.ids[0]);
      expect(Math.round((Date.parse(expirationTime) - Date.now()) / DAY)).toBe(366);
      expect(body.results).toEqual([
        {
          id: tokens.ids[0],
          status: 200,
          warnings: [`expirationTime is after the maximum; the token expires at ${expirationTime}`],
        },
        // The session already had the maximum lifetime.
        { id: tokens.owner.presented, status: 409, code: 'conflict' },
      ]);
    });

    it('records the resulting and the requested expiry', async () => {
      await tokens.bulk({ action: 'extend', ids: [tokens.ids[0]], expirationTime: '2999-01-01T00:00:00Z' });

      const { expirationTime, tokenPreview } = await tokens.read(tokens.ids[0]);
      const [entry] = await entries('authn_token_updated');
      expect(JSON.parse(entry?.after ?? '')).toEqual({
        action: 'extend',
        expirationTime: '2999-01-01T00:00:00Z',
        tokens: [{ id: tokens.ids[0], user: tokens.owner.name, tokenPreview, expirationTime }],
      });
    });

    it('returns for each token the status of the single request', async () => {
      await tokens.insert({ id: `over-${tokens.series}`, user: tokens.owner.name, expirationTime: 1 });
      await server.client.updateToken(
        tokens.ids[0] ?? '',
        { enabled: false, version: 0 },
        tokens.owner.headers,
      );

      const { body } = await tokens.bulk({
        action: 'disable',
        ids: ['unknown', `over-${tokens.series}`, ...tokens.ids],
      });

      expect(codes(body.results)).toEqual([
        ['unknown', 404, 'not_found'],
        [`over-${tokens.series}`, 409, 'conflict'],
        ...tokens.ids.map((id) => [id, 200, undefined]),
      ]);
      expect((await tokens.read(tokens.ids[0])).version).toBe(1);
    });

    it('writes one audit entry for up to 200 tokens, with the changed tokens', async () => {
      const { tokenPreview } = await tokens.read(tokens.ids[0]);
      const note = 'Nightly export';
      await server.database.execute(`UPDATE tokens SET note = '${note}' WHERE id = '${tokens.ids[0]}'`);
      await tokens.bulk({ action: 'disable', ids: tokens.ids });
      await tokens.bulk({ action: 'disable', ids: tokens.ids });

      const written = await entries('authn_token_updated');
      expect(written).toHaveLength(1);
      expect(JSON.parse(written[0]?.after ?? '')).toEqual({
        action: 'disable',
        tokens: tokens.ids.map((id, index) => ({
          id,
          user: tokens.owner.name,
          tokenPreview,
          ...(index === 0 && { note }),
        })),
      });
    });

    it('uses several transactions for more, with an audit entry each', async () => {
      const rows = Array.from({ length: 450 }, (_, index) => ({
        id: `${tokens.series}-${index}`,
        user: tokens.owner.name,
      }));
      await tokens.insert(...rows);

      const { body } = await tokens.bulk({
        action: 'revoke',
        filter: { kind: 'api' },
        expectedCount: 453,
      });

      expect(body.count).toBe(453);
      expect(new Set(body.results.map(({ status }) => status))).toEqual(new Set([204]));
      expect((await server.client.myTokens(tokens.owner.headers)).body.total).toBe(1);
      expect(await entries('authn_token_revoked')).toHaveLength(3);
    });
  });

  describe('POST /tokens/bulk when a transaction fails', () => {
    const IDS = 450;
    const some = async () => {
      const rows = Array.from({ length: IDS }, (_, index) => ({
        id: `${tokens.series}-${index}`,
        user: tokens.owner.name,
      }));
      await tokens.insert(...rows);
      return rows.map(({ id }) => id);
    };

    it('returns the results before, and 503 for the rest', async () => {
      const all = await some();
      failAuditEvent(server, 2);

      const { status, body } = await tokens.bulk({ action: 'disable', ids: all });

      expect([status, body.count]).toEqual([200, IDS]);
      expect(codes(body.results)).toEqual(
        all.map((id, index) => (index < 200 ? [id, 200, undefined] : [id, 503, 'unavailable'])),
      );
      expect((await server.client.myTokens(tokens.owner.headers, '?enabled=false')).body.total).toBe(200);
    });

    it('returns 503 when nothing was changed', async () => {
      const all = await some();
      failAuditEvent(server, 1);

      const { status, body } = await tokens.bulk({ action: 'disable', ids: all });

      expect([status, body.code]).toEqual([503, 'unavailable']);
      expect((await server.client.myTokens(tokens.owner.headers, '?enabled=false')).body.total).toBe(0);
    });
  });
});

describe('selection of tokens', () => {
  const tokens = useBulkTokens(server, asAdmin);
  let asReader: Headers;
  let asWriter: Headers;
  /** Changes tokens, but reads only the user's own. */
  let asBlind: Headers;

  beforeAll(async () => {
    for (const [role, permissions] of [
      ['token-reader', ['tokens:read']],
      ['token-writer', ['tokens:read', 'tokens:write']],
      ['blind-writer', ['tokens:write']],
    ] as const) {
      expect(
        (await server.client.createRole({ name: role, permissions: [...permissions] }, asAdmin)).status,
      ).toBe(201);
    }
    asReader = (await tokens.signUp(['token-reader'])).headers;
    asWriter = (await tokens.signUp(['token-writer'])).headers;
    asBlind = (await tokens.signUp(['blind-writer'])).headers;
  });

  const codes = (results: BulkItemResultDto[]) => results.map(({ id, status, code }) => [id, status, code]);

  describe("POST /tokens/bulk for other users' tokens", () => {
    it.each(['disable', 'revoke'])('returns 404 without tokens:read: %s', async (action) => {
      const other = await tokens.signUp();

      const answers = [
        await tokens.bulk({ action, ids: tokens.ids }, other.headers),
        await tokens.bulk({ action, ids: tokens.ids }, asBlind),
      ];

      for (const { body } of answers) {
        expect(codes(body.results)).toEqual(tokens.ids.map((id) => [id, 404, 'not_found']));
      }
      expect((await tokens.read(tokens.ids[0])).state).toBe('active');
    });

    it('returns 403 with tokens:read only', async () => {
      const { body } = await tokens.bulk({ action: 'revoke', ids: tokens.ids }, asReader);

      expect(codes(body.results)).toEqual(tokens.ids.map((id) => [id, 403, 'forbidden']));
      expect((await tokens.read(tokens.ids[0])).state).toBe('active');
    });

    it('returns 200 with tokens:read and tokens:write', async () => {
      const { body } = await tokens.bulk({ action: 'disable', ids: tokens.ids }, asWriter);

      expect(body.results).toEqual(tokens.each(200));
    });

    it('matches none by filter for a caller who sees only its own tokens', async () => {
      const { body } = await tokens.bulk(
        { action: 'disable', filter: { user: tokens.owner.name }, expectedCount: 0 },
        asBlind,
      );

      expect(body).toMatchObject({ count: 0, results: [] });
    });

    it('matches them by filter for a caller who sees them', async () => {
      const filter = { user: tokens.owner.name.toUpperCase(), kind: 'api' };
      const { body: tried } = await tokens.bulk({ action: 'disable', filter, dryRun: true }, asAdmin);

      const { body } = await tokens.bulk({ action: 'disable', filter, expectedCount: tried.count }, asAdmin);

      expect(tried.count).toBe(3);
      expect(body.results.map(({ id }) => id).sort()).toEqual(tokens.ids);
    });
  });

  describe('POST /tokens/bulk with dryRun', () => {
    it('counts the tokens, returns a sample and changes nothing', async () => {
      const { body } = await tokens.bulk({ action: 'revoke', filter: { kind: 'api' }, dryRun: true });

      expect(body.count).toBe(3);
      expect(body.sample.map(({ id }) => id).sort()).toEqual(tokens.ids);
      expect(body.sample[0]).toMatchObject({ user: tokens.owner.name, state: 'active' });
      expect((await server.client.myTokens(tokens.owner.headers, '?kind=api')).body.total).toBe(3);
    });

    it('counts only tokens that are visible to the caller', async () => {
      const { body: own } = await tokens.bulk({
        action: 'revoke',
        ids: [...tokens.ids, 'unknown'],
        dryRun: true,
      });
      const { body: others } = await tokens.bulk(
        { action: 'revoke', ids: tokens.ids, dryRun: true },
        asBlind,
      );

      expect(own.count).toBe(3);
      expect(others).toEqual({ count: 0, sample: [] });
    });

    it('counts like the run, with unknown ids, duplicates and unchanged tokens', async () => {
      const [first = ''] = tokens.ids;
      await tokens.bulk({ action: 'disable', ids: [first] });
      const request = { action: 'disable', ids: [...tokens.ids, 'unknown-1', 'unknown-2', first] };
      const { body: tried } = await tokens.bulk({ ...request, dryRun: true });

      const { status, body } = await tokens.bulk({ ...request, expectedCount: tried.count });

      expect([tried.count, status, body.count]).toEqual([3, 200, 3]);
      expect(body.results.map((item) => item.status)).toEqual([200, 200, 200, 404, 404]);
    });

    it('counts like the run, without invisible tokens', async () => {
      const hidden = await tokens.signUp();
      const request = { action: 'revoke', ids: [...tokens.ids, hidden.presented] };
      const { body: tried } = await tokens.bulk({ ...request, dryRun: true });

      const { status, body } = await tokens.bulk({ ...request, expectedCount: tried.count });

      expect([tried.count, status, body.count]).toEqual([3, 200, 3]);
      expect(body.results.at(-1)).toEqual({ id: hidden.presented, status: 404, code: 'not_found' });
    });

    it('counts like the run, with revoked tokens', async () => {
      const request = { action: 'revoke', ids: tokens.ids };
      await tokens.bulk({ action: 'revoke', ids: tokens.ids.slice(0, 2) });
      const { body: tried } = await tokens.bulk({ ...request, dryRun: true });

      const { status, body } = await tokens.bulk({ ...request, expectedCount: tried.count });

      expect([tried.count, status, body.count]).toEqual([3, 200, 3]);
      expect(body.results.map((item) => item.status)).toEqual([404, 404, 204]);
    });

    it('is followed by 409 for more ids than expected', async () => {
      const { status, body } = await tokens.bulk({ action: 'revoke', ids: tokens.ids, expectedCount: 2 });

      expect([status, body.code]).toEqual([409, 'count_grown']);
    });

    it('returns a sample of at most ten', async () => {
      await tokens.insert(
        ...Array.from({ length: 12 }, (_, index) => ({
          id: `many-${tokens.series}-${index}`,
          user: tokens.owner.name,
        })),
      );

      const { body } = await tokens.bulk({ action: 'enable', filter: { kind: 'api' }, dryRun: true });

      expect([body.count, body.sample.length]).toEqual([15, 10]);
    });

    it('leaves out the presented token with keepCurrent', async () => {
      const all = await tokens.bulk({ action: 'disable', filter: {}, dryRun: true });
      const others = await tokens.bulk({ action: 'disable', filter: {}, dryRun: true, keepCurrent: true });

      expect([all.body.count, others.body.count]).toEqual([4, 3]);
    });
  });

  describe('POST /tokens/bulk with a filter', () => {
    it('returns 409 and changes nothing when more tokens match than expected', async () => {
      const { status, body } = await tokens.bulk({
        action: 'revoke',
        filter: { kind: 'api' },
        expectedCount: 2,
      });

      expect([status, body.code]).toEqual([409, 'count_grown']);
      expect((await server.client.myTokens(tokens.owner.headers, '?kind=api')).body.total).toBe(3);
    });

    it('succeeds when fewer tokens match than expected', async () => {
      const { body } = await tokens.bulk({ action: 'revoke', filter: { kind: 'api' }, expectedCount: 9 });

      expect(body.count).toBe(3);
    });

    it("revokes the caller's own tokens except the presented one", async () => {
      const { body } = await tokens.bulk({
        action: 'revoke',
        filter: {},
        keepCurrent: true,
        expectedCount: 3,
      });

      expect(body.results.map(({ id }) => id).sort()).toEqual(tokens.ids);
      expect((await server.client.myTokens(tokens.owner.headers)).body.items.map(({ id }) => id)).toEqual([
        tokens.owner.presented,
      ]);
    });
  });
});

describe('POST /tokens/bulk with an invalid request', () => {
  const tokens = useBulkTokens(server, asAdmin);

  it.each<[string, object, string]>([
    ['no action', { ids: ['x'] }, '/action'],
    ['another action', { action: 'delete', ids: ['x'] }, '/action'],
    ['neither ids nor filter', { action: 'revoke' }, '/ids'],
    ['both ids and filter', { action: 'revoke', ids: ['x'], filter: {} }, '/ids'],
    ['no ids', { action: 'revoke', ids: [] }, '/ids'],
    ['too many ids', { action: 'revoke', ids: Array(BULK_IDS_MAX + 1).fill('x') }, '/ids'],
    ['ids that are not strings', { action: 'revoke', ids: [1] }, '/ids'],
    ['an unknown filter', { action: 'revoke', filter: { owner: 'x' }, expectedCount: 1 }, '/filter/owner'],
    ['a wrong filter', { action: 'revoke', filter: { enabled: 'yes' }, expectedCount: 1 }, '/filter/enabled'],
    ['a sort order', { action: 'revoke', filter: { sort: 'note' }, expectedCount: 1 }, '/filter/sort'],
    ['a filter that is null', { action: 'revoke', filter: null }, '/filter'],
    ['no expected count', { action: 'disable', filter: {} }, '/expectedCount'],
    ['no expiry for extend', { action: 'extend', ids: ['x'] }, '/expirationTime'],
    ['an invalid date', { action: 'extend', ids: ['x'], expirationTime: 'soon' }, '/expirationTime'],
    [
      'an expiry in the past',
      { action: 'extend', ids: ['x'], expirationTime: '2001-01-01T00:00:00Z' },
      '/expirationTime',
    ],
    [
      'an expiry for another action',
      { action: 'revoke', ids: ['x'], expirationTime: '2999-01-01T00:00:00Z' },
      '/expirationTime',
    ],
    [
      'expirationTime: null for another action',
      { action: 'disable', ids: ['x'], expirationTime: null },
      '/expirationTime',
    ],
    [
      'no expiry, unless the server allows it',
      { action: 'extend', ids: ['x'], expirationTime: null },
      '/expirationTime',
    ],
    ['an unknown member', { action: 'revoke', ids: ['x'], everybody: true }, '/everybody'],
    ['a wrong keepCurrent', { action: 'revoke', ids: ['x'], keepCurrent: 'yes' }, '/keepCurrent'],
  ])('returns 422 for %s', async (_, body, pointer) => {
    const { status, body: problem } = await tokens.bulk(body);

    expect([status, problem.errors?.map((error) => error.pointer)]).toEqual([
      422,
      expect.arrayContaining([pointer]),
    ]);
  });
});

describe('POST /tokens/bulk to revoke all tokens of all users', () => {
  let asAdmin: Headers;
  let presented: string;
  let asUser: Headers;

  beforeEach(async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    asAdmin = tokenHeader(body);
    presented = body.id;
    const user = newUser();
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    asUser = await server.client.loginHeaders(user.name, PASSWORD);
  });

  const bulk = (change: object, headers = asAdmin) =>
    server.client.bulkTokens({ action: 'revoke', filter: {}, ...change }, headers);

  it('keeps the presented token, and takes effect at the next request', async () => {
    const asSelf = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const { total } = (await server.client.tokens(asAdmin)).body;

    const { status, body } = await bulk({ keepCurrent: true });

    expect([status, body]).toMatchObject([200, { count: total - 1, results: [] }]);
    const answers = await Promise.all([asUser, asSelf, asAdmin].map((headers) => server.client.me(headers)));
    expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual([
      [401, 'token_revoked'],
      [401, 'token_revoked'],
      [200, undefined],
    ]);
    const { items } = (await server.client.tokens(asAdmin, '?user=admin')).body;
    expect(items.map(({ id }) => id)).toEqual([presented]);
  });

  it('revokes the presented token, too, unless keepCurrent is set', async () => {
    expect((await bulk({ keepCurrent: false })).status).toBe(200);

    expect((await server.client.me(asAdmin)).status).toBe(401);
    expect((await server.client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
  });

  it('supports a dry run and expectedCount', async () => {
    const { total } = (await server.client.tokens(asAdmin)).body;

    const { body: tried } = await bulk({ keepCurrent: true, dryRun: true });
    const grown = await bulk({ keepCurrent: true, expectedCount: tried.count - 1 });

    expect(tried.count).toBe(total - 1);
    expect(tried.sample.map(({ id }) => id)).not.toContain(presented);
    expect([grown.status, grown.body.code]).toEqual([409, 'count_grown']);
    expect((await server.client.me(asUser)).status).toBe(200);
  });

  it('requires keepCurrent or expectedCount', async () => {
    const { status, body } = await bulk({});
    const { body: tried } = await bulk({ dryRun: true });

    expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([422, ['/expectedCount']]);
    expect((await server.client.me(asUser)).status).toBe(200);
    expect((await bulk({ expectedCount: tried.count })).body).toMatchObject({
      count: tried.count,
      results: [],
    });
    expect((await server.client.me(asUser)).status).toBe(401);
  });

  it.each([
    ['tried', { dryRun: true }],
    ['done', { keepCurrent: true }],
    ['done with a count', { expectedCount: 999 }],
  ])('returns 403 to a caller who sees only its own tokens, for %s', async (_, change) => {
    const role = newRole({ permissions: ['tokens:write'] });
    const writer = newUser({ roles: [role.name] });
    expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
    expect((await server.client.createUser(writer, asAdmin)).status).toBe(201);
    const asWriter = await server.client.loginHeaders(writer.name, PASSWORD);

    const { status, body } = await bulk(change, asWriter);

    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect((await server.client.me(asUser)).status).toBe(200);
    expect((await server.client.me(asWriter)).status).toBe(200);
  });

  it.each([
    ['tried', { dryRun: true }],
    ['done', { keepCurrent: true }],
    ['done with a count', { expectedCount: 999 }],
  ])('returns 403 to a limited token, which cannot see all tokens, for %s', async (_, change) => {
    const { body: canary } = await server.client.createMyToken(asAdmin, { kind: 'canary' });
    const { body: limited } = await server.client.createMyToken(asAdmin, {
      permissions: ['tokens:read', 'tokens:write'],
    });

    const { status, body } = await bulk(change, tokenHeader(limited));

    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect(JSON.stringify(body)).not.toMatch(/canar/i);
    expect((await server.client.me(asUser)).status).toBe(200);
    expect((await server.client.token(canary.id, asAdmin)).body.state).toBe('active');
  });

  it("without tokens:write applies to the caller's own tokens", async () => {
    const { status } = await bulk({ keepCurrent: true, expectedCount: 0 }, asUser);

    expect(status).toBe(200);
    expect((await server.client.me(asAdmin)).status).toBe(200);
  });

  it('revokes the superseded secret of a token that is kept', async () => {
    const { body: token } = await server.client.createMyToken(asAdmin);
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    await bulk({ keepCurrent: true }, tokenHeader(rotated));

    const [old, fresh] = await Promise.all(
      [token, rotated].map((used) => server.client.me(tokenHeader(used))),
    );
    expect([old?.status, fresh?.status]).toEqual([401, 200]);
  });
});
