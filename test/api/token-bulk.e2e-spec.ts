import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BULK_IDS_MAX, type BulkItemDto, type TokenBulkDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { failAtEntry } from '../support/fail-at-entry.js';
import { insertTokens, type TokenRow } from '../support/token-rows.js';
import { useAdmin, useServer } from '../support/use-server.js';

const DAY = 86_400_000;
const IN_90_DAYS = Date.now() + 90 * DAY;

const server = useServer();
const asAdmin = useAdmin(server);
let asReader: Headers;
let asWriter: Headers;
/** May change tokens, and sees none but their own. */
let asBlind: Headers;
let series = 0;
let name: string;
let asOwner: Headers;
/** The token that `asOwner` presents. */
let presented: string;
let ids: string[];

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
  asReader = (await newOwner(['token-reader'])).headers;
  asWriter = (await newOwner(['token-writer'])).headers;
  asBlind = (await newOwner(['blind-writer'])).headers;
});

beforeEach(async () => {
  const owner = await newOwner();
  ({ name, headers: asOwner, presented } = owner);
  series += 1;
  ids = ['a', 'b', 'c'].map((letter) => `series-${series}-${letter}`);
  await insert(...ids.map((id) => ({ id, user: name, expirationTime: IN_90_DAYS })));
});

async function newOwner(roles?: string[]) {
  const user = newUser(roles && { roles });
  expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  const { body } = await server.client.login(user.name, PASSWORD);
  return { name: user.name, headers: tokenHeader(body), presented: body.id };
}

const insert = (...rows: TokenRow[]) => server.database.execute(insertTokens(...rows));
const bulk = (body: object, headers = asOwner) => server.client.bulkTokens(body as TokenBulkDto, headers);
const read = async (id: string) => (await server.client.token(id, asAdmin)).body;
const each = (status: number) => ids.map((id) => ({ id, status }));
const codes = (results: BulkItemDto[]) => results.map(({ id, status, code }) => [id, status, code]);
const entries = async (action: string) =>
  (
    await server.database.query<{ after: string; subjectName: string }>(
      `SELECT * FROM audit_events WHERE action = '${action}' AND "subjectName" = 'bulk'`,
    )
  ).filter(({ after }) => after.includes(`series-${series}-`));

describe('POST /tokens/bulk', () => {
  it('disables and enables one’s own tokens, each once', async () => {
    const disabled = await bulk({ action: 'disable', ids: [...ids, ids[0]] });
    const states = await Promise.all(ids.map(read));
    const enabled = await bulk({ action: 'enable', ids });

    expect([disabled.status, disabled.body]).toEqual([200, { count: 3, results: each(200) }]);
    expect(states.map(({ state, version }) => [state, version])).toEqual(Array(3).fill(['disabled', 1]));
    expect(enabled.body.results).toEqual(each(200));
    expect(await read(ids[0] ?? '')).toMatchObject({ state: 'active', version: 2 });
  });

  it('revokes tokens, which then have ended', async () => {
    const { body } = await bulk({ action: 'revoke', ids });
    const again = await bulk({ action: 'revoke', ids });

    expect(body).toEqual({ count: 3, results: each(204) });
    expect(codes(again.body.results)).toEqual(ids.map((id) => [id, 404, 'not_found']));
    expect(await read(ids[0] ?? '')).toMatchObject({ state: 'revoked', version: 0 });
  });

  it('extends tokens, and says which would end no later', async () => {
    const later = new Date(IN_90_DAYS + DAY).toISOString();
    const [first = '', second = ''] = ids;
    await server.database.execute(
      `UPDATE tokens SET "expirationTime" = ${IN_90_DAYS + 2 * DAY} WHERE id = '${second}'`,
    );

    const { body } = await bulk({ action: 'extend', ids, expirationTime: later });

    expect(codes(body.results)).toEqual(
      ids.map((id) => (id === second ? [id, 409, 'conflict'] : [id, 200, undefined])),
    );
    expect(await read(first)).toMatchObject({ expirationTime: later, version: 1 });
    expect(await read(second)).toMatchObject({ version: 0 });
  });

  it('clips an extension as an end that is given to one token, and warns', async () => {
    await bulk({ action: 'extend', ids: [presented], expirationTime: '2999-01-01T00:00:00Z' });

    const { body } = await bulk({
      action: 'extend',
      ids: [ids[0], presented],
      expirationTime: '2999-01-01T00:00:00Z',
    });

    const { expirationTime = '' } = await read(ids[0] ?? '');
    expect(Math.round((Date.parse(expirationTime) - Date.now()) / DAY)).toBe(366);
    expect(body.results).toEqual([
      {
        id: ids[0],
        status: 200,
        warnings: [`expirationTime is beyond the maximum; the token ends at ${expirationTime}`],
      },
      // It had the longest life of a session before.
      { id: presented, status: 409, code: 'conflict' },
    ]);
  });

  it('records the ends that were given, and the one that was asked for', async () => {
    await bulk({ action: 'extend', ids: [ids[0]], expirationTime: '2999-01-01T00:00:00Z' });

    const { expirationTime } = await read(ids[0] ?? '');
    const [entry] = await entries('authn_token_updated');
    expect(JSON.parse(entry?.after ?? '')).toEqual({
      action: 'extend',
      expirationTime: '2999-01-01T00:00:00Z',
      tokens: [{ id: ids[0], user: name, expirationTime }],
    });
  });

  it('answers for each what the change of one alone would', async () => {
    await insert({ id: `over-${series}`, user: name, expirationTime: 1 });
    await server.client.updateToken(ids[0] ?? '', { enabled: false, version: 0 }, asOwner);

    const { body } = await bulk({ action: 'disable', ids: ['unknown', `over-${series}`, ...ids] });

    expect(codes(body.results)).toEqual([
      ['unknown', 404, 'not_found'],
      [`over-${series}`, 409, 'conflict'],
      ...ids.map((id) => [id, 200, undefined]),
    ]);
    expect((await read(ids[0] ?? '')).version).toBe(1);
  });

  it('ends a session with an end at the latest, and no token for ever unless the server allows it', async () => {
    const { body } = await bulk({ action: 'extend', ids: [ids[0], presented], expirationTime: null });

    expect(codes(body.results)).toEqual([
      [ids[0], 422, 'validation_failed'],
      [presented, 422, 'validation_failed'],
    ]);
  });

  it('writes one entry in the audit trail for up to 200 tokens, with what was changed', async () => {
    await bulk({ action: 'disable', ids });
    await bulk({ action: 'disable', ids });

    const written = await entries('authn_token_updated');
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0]?.after ?? '')).toEqual({
      action: 'disable',
      tokens: ids.map((id) => ({ id, user: name })),
    });
  });

  it('does more than a transaction’s worth, and writes an entry for each', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => ({ id: `series-${series}-${index}`, user: name }));
    await insert(...rows);

    const { body } = await bulk({
      action: 'revoke',
      filter: { kind: 'api' },
      expectedCount: 453,
    });

    expect(body.count).toBe(453);
    expect(new Set(body.results.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await server.client.myTokens(asOwner)).body.total).toBe(1);
    expect(await entries('authn_token_revoked')).toHaveLength(3);
  });
});

describe('a bulk request that fails on its way', () => {
  const IDS = 450;
  const some = async () => {
    const rows = Array.from({ length: IDS }, (_, index) => ({ id: `series-${series}-${index}`, user: name }));
    await insert(...rows);
    return rows.map(({ id }) => id);
  };

  it('tells what was done before, and what was not', async () => {
    const all = await some();
    failAtEntry(server, 2);

    const { status, body } = await bulk({ action: 'disable', ids: all });

    expect([status, body.count]).toEqual([200, IDS]);
    expect(codes(body.results)).toEqual(
      all.map((id, index) => (index < 200 ? [id, 200, undefined] : [id, 503, 'unavailable'])),
    );
    expect((await server.client.myTokens(asOwner, '?enabled=false')).body.total).toBe(200);
  });

  it('is refused as a whole while nothing is done', async () => {
    const all = await some();
    failAtEntry(server, 1);

    const { status, body } = await bulk({ action: 'disable', ids: all });

    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect((await server.client.myTokens(asOwner, '?enabled=false')).body.total).toBe(0);
  });
});

describe('tokens of others in bulk', () => {
  it.each(['disable', 'revoke'])('are not there without tokens:read: %s', async (action) => {
    const other = await newOwner();

    const answers = [await bulk({ action, ids }, other.headers), await bulk({ action, ids }, asBlind)];

    for (const { body } of answers) {
      expect(codes(body.results)).toEqual(ids.map((id) => [id, 404, 'not_found']));
    }
    expect((await read(ids[0] ?? '')).state).toBe('active');
  });

  it('are seen and not changed with tokens:read alone', async () => {
    const { body } = await bulk({ action: 'revoke', ids }, asReader);

    expect(codes(body.results)).toEqual(ids.map((id) => [id, 403, 'forbidden']));
    expect((await read(ids[0] ?? '')).state).toBe('active');
  });

  it('are changed with tokens:read and tokens:write', async () => {
    const { body } = await bulk({ action: 'disable', ids }, asWriter);

    expect(body.results).toEqual(each(200));
  });

  it('are not found by the filter of who sees only their own', async () => {
    const { body } = await bulk({ action: 'disable', filter: { user: name }, expectedCount: 0 }, asBlind);

    expect(body).toEqual({ count: 0, results: [] });
  });

  it('are found by the filter of who sees them', async () => {
    const filter = { user: name.toUpperCase(), kind: 'api' };
    const { body: tried } = await bulk({ action: 'disable', filter, dryRun: true }, asAdmin);

    const { body } = await bulk({ action: 'disable', filter, expectedCount: tried.count }, asAdmin);

    expect(tried.count).toBe(3);
    expect(body.results.map(({ id }) => id).sort()).toEqual(ids);
  });
});

describe('a dry run', () => {
  it('counts what would be changed, shows some of it, and changes nothing', async () => {
    const { body } = await bulk({ action: 'revoke', filter: { kind: 'api' }, dryRun: true });

    expect(body.count).toBe(3);
    expect(body.sample.map(({ id }) => id).sort()).toEqual(ids);
    expect(body.sample[0]).toMatchObject({ user: name, state: 'active' });
    expect((await server.client.myTokens(asOwner, '?kind=api')).body.total).toBe(3);
  });

  it('counts of ids those that the caller may see', async () => {
    const { body: own } = await bulk({ action: 'revoke', ids: [...ids, 'unknown'], dryRun: true });
    const { body: others } = await bulk({ action: 'revoke', ids, dryRun: true }, asBlind);

    expect(own.count).toBe(3);
    expect(others).toEqual({ count: 0, sample: [] });
  });

  it('shows at most ten', async () => {
    await insert(
      ...Array.from({ length: 12 }, (_, index) => ({ id: `many-${series}-${index}`, user: name })),
    );

    const { body } = await bulk({ action: 'enable', filter: { kind: 'api' }, dryRun: true });

    expect([body.count, body.sample.length]).toEqual([15, 10]);
  });

  it('spares the presented token if that is asked for', async () => {
    const all = await bulk({ action: 'disable', filter: {}, dryRun: true });
    const others = await bulk({ action: 'disable', filter: {}, dryRun: true, keepCurrent: true });

    expect([all.body.count, others.body.count]).toEqual([4, 3]);
  });
});

describe('a change by filter', () => {
  it('is refused with 409 when more match than expected, and changes nothing', async () => {
    const { status, body } = await bulk({ action: 'revoke', filter: { kind: 'api' }, expectedCount: 2 });

    expect([status, body.code]).toEqual([409, 'count_grown']);
    expect((await server.client.myTokens(asOwner, '?kind=api')).body.total).toBe(3);
  });

  it('is done when fewer match than expected', async () => {
    const { body } = await bulk({ action: 'revoke', filter: { kind: 'api' }, expectedCount: 9 });

    expect(body.count).toBe(3);
  });

  it('ends one’s own tokens but the presented one', async () => {
    const { body } = await bulk({ action: 'revoke', filter: {}, keepCurrent: true, expectedCount: 3 });

    expect(body.results.map(({ id }) => id).sort()).toEqual(ids);
    expect((await server.client.myTokens(asOwner)).body.items.map(({ id }) => id)).toEqual([presented]);
  });
});

describe('a malformed bulk request', () => {
  it.each<[string, object, string]>([
    ['no action', { ids: ['x'] }, '/action'],
    ['another action', { action: 'delete', ids: ['x'] }, '/action'],
    ['neither ids nor filter', { action: 'revoke' }, '/ids'],
    ['both', { action: 'revoke', ids: ['x'], filter: {} }, '/ids'],
    ['no ids', { action: 'revoke', ids: [] }, '/ids'],
    ['too many ids', { action: 'revoke', ids: Array(BULK_IDS_MAX + 1).fill('x') }, '/ids'],
    ['ids that are no texts', { action: 'revoke', ids: [1] }, '/ids'],
    ['an unknown filter', { action: 'revoke', filter: { owner: 'x' }, expectedCount: 1 }, '/filter/owner'],
    ['a wrong filter', { action: 'revoke', filter: { enabled: 'yes' }, expectedCount: 1 }, '/filter/enabled'],
    ['a sort order', { action: 'revoke', filter: { sort: 'note' }, expectedCount: 1 }, '/filter/sort'],
    ['a filter that is null', { action: 'revoke', filter: null }, '/filter'],
    ['no expected count', { action: 'disable', filter: {} }, '/expectedCount'],
    ['no end to extend to', { action: 'extend', ids: ['x'] }, '/expirationTime'],
    ['a day that is none', { action: 'extend', ids: ['x'], expirationTime: 'soon' }, '/expirationTime'],
    [
      'an end that has passed',
      { action: 'extend', ids: ['x'], expirationTime: '2001-01-01T00:00:00Z' },
      '/expirationTime',
    ],
    [
      'an end for what is not extended',
      { action: 'revoke', ids: ['x'], expirationTime: '2999-01-01T00:00:00Z' },
      '/expirationTime',
    ],
    ['no end for ever either', { action: 'disable', ids: ['x'], expirationTime: null }, '/expirationTime'],
    ['a member of nobody', { action: 'revoke', ids: ['x'], everybody: true }, '/everybody'],
    ['a wrong keepCurrent', { action: 'revoke', ids: ['x'], keepCurrent: 'yes' }, '/keepCurrent'],
  ])('is refused with 422: %s', async (_, body, pointer) => {
    const { status, body: problem } = await bulk(body);

    expect([status, problem.errors?.map((error) => error.pointer)]).toEqual([
      422,
      expect.arrayContaining([pointer]),
    ]);
  });

  it('is refused to a superseded secret, and without a token', async () => {
    const { body: token } = await server.client.createMyToken(asOwner);
    await server.client.rotateToken(token.id, asOwner, { gracePeriodSeconds: 60 });

    const superseded = await bulk({ action: 'revoke', ids }, tokenHeader(token));
    const anonymous = await bulk({ action: 'revoke', ids }, {});

    expect([superseded.status, superseded.body.code]).toEqual([403, 'token_superseded']);
    expect(anonymous.status).toBe(401);
  });
});
