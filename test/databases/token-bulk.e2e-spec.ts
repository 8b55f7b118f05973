import { describe, expect, it } from '@jest/globals';
import { type BulkItemResultDto } from '@latchkey/auth-models';
import { failAtEntry } from '../support/fail-at-entry.js';
import { IN_90_DAYS, useBulkTokens } from '../support/use-bulk-tokens.js';
import { useAdmin, useServer } from '../support/use-server.js';

const DAY = 86_400_000;

const server = useServer();
const tokens = useBulkTokens(server, useAdmin(server));

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

    expect([disabled.status, disabled.body]).toEqual([200, { count: 3, results: tokens.each(200) }]);
    expect(states.map(({ state, version }) => [state, version])).toEqual(Array(3).fill(['disabled', 1]));
    expect(enabled.body.results).toEqual(tokens.each(200));
    expect(await tokens.read(tokens.ids[0])).toMatchObject({ state: 'active', version: 2 });
  });

  it('revokes tokens', async () => {
    const { body } = await tokens.bulk({ action: 'revoke', ids: tokens.ids });
    const again = await tokens.bulk({ action: 'revoke', ids: tokens.ids });

    expect(body).toEqual({ count: 3, results: tokens.each(204) });
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
        warnings: [`expirationTime is beyond the maximum; the token ends at ${expirationTime}`],
      },
      // It had the longest life of a session before.
      { id: tokens.owner.presented, status: 409, code: 'conflict' },
    ]);
  });

  it('records the resulting and the requested expiry', async () => {
    await tokens.bulk({ action: 'extend', ids: [tokens.ids[0]], expirationTime: '2999-01-01T00:00:00Z' });

    const { expirationTime } = await tokens.read(tokens.ids[0]);
    const [entry] = await entries('authn_token_updated');
    expect(JSON.parse(entry?.after ?? '')).toEqual({
      action: 'extend',
      expirationTime: '2999-01-01T00:00:00Z',
      tokens: [{ id: tokens.ids[0], user: tokens.owner.name, expirationTime }],
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

  it('returns 422 for sessions without expiry, and for tokens unless the server allows it', async () => {
    const { body } = await tokens.bulk({
      action: 'extend',
      ids: [tokens.ids[0], tokens.owner.presented],
      expirationTime: null,
    });

    expect(codes(body.results)).toEqual([
      [tokens.ids[0], 422, 'validation_failed'],
      [tokens.owner.presented, 422, 'validation_failed'],
    ]);
  });

  it('writes one audit entry for up to 200 tokens, with the changed tokens', async () => {
    await tokens.bulk({ action: 'disable', ids: tokens.ids });
    await tokens.bulk({ action: 'disable', ids: tokens.ids });

    const written = await entries('authn_token_updated');
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0]?.after ?? '')).toEqual({
      action: 'disable',
      tokens: tokens.ids.map((id) => ({ id, user: tokens.owner.name })),
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
    failAtEntry(server, 2);

    const { status, body } = await tokens.bulk({ action: 'disable', ids: all });

    expect([status, body.count]).toEqual([200, IDS]);
    expect(codes(body.results)).toEqual(
      all.map((id, index) => (index < 200 ? [id, 200, undefined] : [id, 503, 'unavailable'])),
    );
    expect((await server.client.myTokens(tokens.owner.headers, '?enabled=false')).body.total).toBe(200);
  });

  it('returns 503 when nothing was changed', async () => {
    const all = await some();
    failAtEntry(server, 1);

    const { status, body } = await tokens.bulk({ action: 'disable', ids: all });

    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect((await server.client.myTokens(tokens.owner.headers, '?enabled=false')).body.total).toBe(0);
  });
});
