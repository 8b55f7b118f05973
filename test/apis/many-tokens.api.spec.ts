import { describe, expect, it } from '@jest/globals';
import { IS_DEEP } from '../support/deep.js';
import { newApi } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const COUNT = IS_DEEP ? 20_000 : 2_000;

const server = useServer();
const asAdmin = useAdmin(server);
const { createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);

describe('many tokens', () => {
  it('are narrowed with their parent, and lose a deleted permission, in one request each', async () => {
    const { name, permissions } = newApi('read');
    const permission = permissions[0]!.name;
    await server.client.createApi({ name, permissions }, asAdmin);
    const owner = await signUpWithPermissions(permission, 'users:read');
    const parent = await createToken(owner, { permissions: [permission, 'users:read'] });
    const child = await createToken(parent);
    await copyToken(child.id, COUNT);
    const scopes = () =>
      server.database.query<{ scope: string; count: number | string }>(
        `SELECT "scope", COUNT(*) AS "count" FROM "tokens" WHERE "parentTokenId" = '${parent.id}' GROUP BY "scope"`,
      );

    const any = { ...asAdmin, 'If-Match': '*' };
    expect((await server.client.updateToken(parent.id, { permissions: [permission] }, any)).status).toBe(200);
    const narrowed = await scopes();
    const { body } = await server.client.api(name, asAdmin);
    expect((await server.client.deleteApi(name, asAdmin, '?force=true')).status).toBe(204);

    expect(narrowed.map(({ scope, count }) => [scope, Number(count)])).toEqual([[permission, COUNT + 1]]);
    expect(body.tokenCount).toBeGreaterThan(COUNT);
    expect((await scopes()).map(({ scope, count }) => [scope, Number(count)])).toEqual([['', COUNT + 1]]);
  });

  it('with different metadata are limited to the addresses of their parent, and revoked with it', async () => {
    const parent = await createToken(await signUp());
    const child = await createToken(parent);
    await copyToken(child.id, COUNT);
    await server.database.execute(
      `UPDATE "tokens" SET "useLimits" = '{"metadata":{"i":"' || "id" || '"}}' WHERE "parentTokenId" = '${parent.id}'`,
    );
    const any = { ...asAdmin, 'If-Match': '*' };
    const count = async (condition: string) => {
      const [row] = await server.database.query<{ count: number | string }>(
        `SELECT COUNT(*) AS "count" FROM "tokens" WHERE "parentTokenId" = '${parent.id}' AND ${condition}`,
      );
      return Number(row?.count);
    };

    const changed = await server.client.updateToken(parent.id, { allowedAddresses: ['10.0.0.0/8'] }, any);
    const limited = await count(`"useLimits" LIKE '%10.0.0.0/8%'`);
    const { status } = await server.client.revokeToken(parent.id, asAdmin, '?descendants=true');

    expect([changed.status, limited, status]).toEqual([200, COUNT + 1, 204]);
    expect(await count(`"revocationReason" = 'ancestor_revoked'`)).toBe(COUNT + 1);
  });

  /** Copies a token with its ancestors and APIs. */
  async function copyToken(id: string, count: number): Promise<void> {
    const [row = {}] = await server.database.query<object>(`SELECT * FROM "tokens" WHERE "id" = '${id}'`);
    const columns = Object.keys(row).map((name) => `"${name}"`);
    const values = columns.map((name) =>
      ['"id"', '"digest"'].includes(name) ? `CAST('${id.slice(-12)}-' || n.i AS varchar)` : `t.${name}`,
    );
    const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
    await server.database.execute(
      `INSERT INTO "tokens" (${columns.join(', ')}) ${numbers} SELECT ${values.join(', ')} FROM "tokens" t, n WHERE t."id" = '${id}'`,
    );
    await server.database.execute(
      `INSERT INTO "token_ancestors" ("tokenId", "ancestorId", "ancestorUserId") ${numbers} SELECT '${id.slice(-12)}-' || n.i, a."ancestorId", a."ancestorUserId" FROM "token_ancestors" a, n WHERE a."tokenId" = '${id}'`,
    );
    await server.database.execute(
      `INSERT INTO "token_apis" ("tokenId", "api") ${numbers} SELECT '${id.slice(-12)}-' || n.i, a."api" FROM "token_apis" a, n WHERE a."tokenId" = '${id}'`,
    );
  }
});
