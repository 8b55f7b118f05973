import { beforeAll, describe, expect, it } from '@jest/globals';
import { type BulkItemResultDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { useBulkTokens } from '../support/use-bulk-tokens.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const tokens = useBulkTokens(server, asAdmin);
let asReader: Headers;
let asWriter: Headers;
/** May change tokens, and sees none but their own. */
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

    expect(body).toEqual({ count: 0, results: [] });
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
    const { body: others } = await tokens.bulk({ action: 'revoke', ids: tokens.ids, dryRun: true }, asBlind);

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
    const { body } = await tokens.bulk({ action: 'revoke', filter: {}, keepCurrent: true, expectedCount: 3 });

    expect(body.results.map(({ id }) => id).sort()).toEqual(tokens.ids);
    expect((await server.client.myTokens(tokens.owner.headers)).body.items.map(({ id }) => id)).toEqual([
      tokens.owner.presented,
    ]);
  });
});
