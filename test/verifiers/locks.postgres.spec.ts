import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, newRole, newUser } from '../support/factories.js';
import { useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const DAY_MILLISECONDS = 86_400_000;

const replicas = useReplicas();

it('a first report deletes old verifiers while their user is deleted, without a deadlock', async () => {
  const { client } = await replicas.start();
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const role = newRole({ permissions: ['tokens:introspect'] });
  expect((await client.createRole(role, asAdmin)).status).toBe(201);
  const { body: user } = await client.createUser(newUser({ roles: [role.name] }), asAdmin);
  const { body: token } = await client.createUserToken(user.name, asAdmin, {});
  const { sql } = replicas;
  const longAgo = Date.now() - 2 * DAY_MILLISECONDS;
  await sql.query(
    'INSERT INTO verifiers ("id", "userId", "name", "address", "report", "startTime", "reportTime", "local", "asked") ' +
      `VALUES ('${randomUUID()}', '${user.id}', 'old', '127.0.0.1', 1, ${longAgo}, ${longAgo}, 0, 0)`,
  );
  const waitingStatements = async () => {
    // Within a transaction, PostgreSQL lists no connections that were opened after the first read.
    await sql.query('SELECT pg_stat_clear_snapshot()');
    const waiting = `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return (await sql.query<{ query: string }>(waiting)).rows;
  };

  await sql.query('BEGIN');
  await sql.query(`SELECT 1 FROM users WHERE "id" = '${user.id}' FOR UPDATE`);
  const report = client.request('POST', '/auth/revocations/reports', {
    headers: tokenHeader(token),
    body: { verifier: randomUUID(), number: 1, name: 'new', local: 0, asked: 0, uses: [] },
  });
  // A job of the server may wait as well.
  await waitUntil(waitingStatements, ({ length }) => length > 0);
  await sql.query(`DELETE FROM verifiers WHERE "userId" = '${user.id}'`);
  await sql.query('COMMIT');

  expect((await report).status).toBe(200);
  expect((await sql.query(`SELECT "name" FROM verifiers`)).rows).toEqual([{ name: 'new' }]);
});
