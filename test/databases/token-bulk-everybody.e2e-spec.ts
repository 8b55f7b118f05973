import { beforeEach, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
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

describe('POST /tokens/bulk to revoke all tokens of all users', () => {
  it('keeps the presented token, and takes effect at the next request', async () => {
    const asSelf = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const { total } = (await server.client.tokens(asAdmin)).body;

    const { status, body } = await bulk({ keepCurrent: true });

    expect([status, body]).toEqual([200, { count: total - 1, results: [] }]);
    const answers = await Promise.all([asUser, asSelf, asAdmin].map((headers) => server.client.me(headers)));
    expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual([
      [401, 'token_revoked'],
      [401, 'token_revoked'],
      [200, undefined],
    ]);
    expect((await server.client.tokens(asAdmin)).body.items.map(({ id }) => id)).toEqual([presented]);
  });

  it('revokes the presented token, too, unless keepCurrent is set', async () => {
    expect((await bulk({ keepCurrent: false })).status).toBe(200);

    expect((await server.client.me(asAdmin)).status).toBe(401);
    expect((await server.client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
  });

  it('writes one audit entry', async () => {
    await bulk({ keepCurrent: true });

    const rows = await server.database.query<{ after: string }>(
      `SELECT "after" FROM audit_events WHERE "subjectName" = 'bulk' AND "after" LIKE '%${presented}%'`,
    );
    expect(rows.map(({ after }) => JSON.parse(after) as object)).toEqual([
      { action: 'revoke', all: true, keptTokenId: presented },
    ]);
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
    expect((await bulk({ expectedCount: tried.count })).body).toEqual({ count: tried.count, results: [] });
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

  it('keeps at most one of two callers in parallel', async () => {
    const asOther = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    await Promise.all([asAdmin, asOther].map((headers) => bulk({ keepCurrent: true }, headers)));

    const answers = await Promise.all([asAdmin, asOther].map((headers) => server.client.me(headers)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });
});
