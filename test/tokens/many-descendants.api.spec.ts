import { expect, it } from '@jest/globals';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const server = useServer();
const { signUp, createToken } = useTokens(server, useAdmin(server));

it('the revocation of a token includes more descendants than a statement can have parameters', async () => {
  const session = await signUp();
  const root = await createToken(session);
  const child = await createToken(root);
  // PostgreSQL accepts 65,535 parameters, SQLite 32,766. These descendants are revoked, and keep their
  // links.
  const count = globalThis.DATABASE_KIND === 'postgres' ? 66_000 : 33_000;
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`;
  const id = `'${root.id.slice(0, 8)}-' || n`;
  await server.database.execute(
    `INSERT INTO tokens (id, "userId", kind, preview, digest, enabled, "creationTime", "stamp", "revocationReason")
     ${numbers} SELECT ${id}, users.id, 'api', 'latchkey_…0000', ${id}, true, 1, 1, 'revoked'
     FROM numbers, users WHERE name = '${session.user}'`,
    `INSERT INTO token_ancestors ("tokenId", "ancestorId") ${numbers} SELECT ${id}, '${root.id}' FROM numbers`,
  );

  const { status } = await server.client.revokeToken(root.id, session.headers, '?descendants=true');

  expect(status).toBe(204);
  expect((await server.client.me(child.headers)).body.code).toBe('token_revoked');
});
