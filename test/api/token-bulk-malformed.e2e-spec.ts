import { describe, expect, it } from '@jest/globals';
import { BULK_IDS_MAX } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { useBulkTokens } from '../support/use-bulk-tokens.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const tokens = useBulkTokens(server, useAdmin(server));

describe('POST /tokens/bulk with an invalid request', () => {
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
    ['an unknown member', { action: 'revoke', ids: ['x'], everybody: true }, '/everybody'],
    ['a wrong keepCurrent', { action: 'revoke', ids: ['x'], keepCurrent: 'yes' }, '/keepCurrent'],
  ])('returns 422 for %s', async (_, body, pointer) => {
    const { status, body: problem } = await tokens.bulk(body);

    expect([status, problem.errors?.map((error) => error.pointer)]).toEqual([
      422,
      expect.arrayContaining([pointer]),
    ]);
  });

  it('returns 403 to a superseded secret, and 401 without a token', async () => {
    const { body: token } = await server.client.createMyToken(tokens.owner.headers);
    await server.client.rotateToken(token.id, tokens.owner.headers, { gracePeriodSeconds: 60 });

    const superseded = await tokens.bulk({ action: 'revoke', ids: tokens.ids }, tokenHeader(token));
    const anonymous = await tokens.bulk({ action: 'revoke', ids: tokens.ids }, {});

    expect([superseded.status, superseded.body.code]).toEqual([403, 'token_superseded']);
    expect(anonymous.status).toBe(401);
  });
});
