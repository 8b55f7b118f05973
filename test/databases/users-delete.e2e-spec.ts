import { beforeEach, describe, expect, it } from '@jest/globals';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

let name: string;
let id: string;

beforeEach(async () => {
  ({ name } = newUser());
  ({ id } = (await server.client.createUser({ name, password: PASSWORD }, asAdmin)).body);
});

const remove = (headers = {}) => server.client.deleteUser(name, { ...asAdmin, ...headers });
const rows = async (table: string, column: string) =>
  (await server.database.query(`SELECT * FROM ${table} WHERE "${column}" = '${id}'`)).length;

describe('DELETE /users/{name}', () => {
  it('returns 204, and deletes all rows of the user', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);

    const { status, text } = await remove();

    expect([status, text]).toEqual([204, '']);
    expect((await server.client.user(name, asAdmin)).status).toBe(404);
    expect((await server.client.me(asUser)).status).toBe(401);
    expect((await server.client.login(name, PASSWORD)).status).toBe(401);
    expect([await rows('users', 'id'), await rows('user_roles', 'userId')]).toEqual([0, 0]);
    expect(await rows('tokens', 'userId')).toBe(0);
  });

  it('accepts any spelling of the name', async () => {
    expect((await server.client.deleteUser(name.toUpperCase(), asAdmin)).status).toBe(204);
  });

  it('returns 404 the second time, and for an unknown user', async () => {
    await remove();

    expect((await remove()).status).toBe(404);
    expect((await server.client.deleteUser('nobody', asAdmin)).status).toBe(404);
  });

  it('evaluates If-Match, and does not require it', async () => {
    const stale = await remove({ 'If-Match': '"1"' });
    const malformed = await remove({ 'If-Match': '1' });
    const right = await remove({ 'If-Match': '"0"' });

    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect([malformed.status, right.status]).toEqual([400, 204]);
  });

  it('makes the name available, with another id and without the old tokens', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);
    await remove();

    const { status, body } = await server.client.createUser({ name, password: PASSWORD }, asAdmin);

    expect(status).toBe(201);
    expect(body.id).not.toBe(id);
    expect((await server.client.me(asUser)).status).toBe(401);
  });

  it('writes one audit entry with the deleted user', async () => {
    await remove();

    const entries = await server.database.query<{ before: string }>(
      `SELECT * FROM audit_events WHERE action = 'user_deleted' AND "subjectName" = '${name}'`,
    );
    expect(entries).toEqual([expect.objectContaining({ actorName: 'admin', subjectId: id })]);
    expect(JSON.parse(entries[0]?.before ?? '')).toEqual({ kind: 'human', enabled: true, roles: ['user'] });
  });

  it('deletes a user with thousands of tokens', async () => {
    await addTokens(2_500);

    expect((await remove()).status).toBe(204);

    expect([await rows('users', 'id'), await rows('tokens', 'userId')]).toEqual([0, 0]);
    const entries = await server.database.query(
      `SELECT action, after FROM audit_events WHERE "subjectName" = '${name}' ORDER BY sequence`,
    );
    expect(entries.slice(1)).toEqual([
      { action: 'user_updated', after: '{"enabled":false,"shutOutForDeletion":true}' },
      { action: 'user_deleted', after: null },
    ]);
  });
});

/** Gives the user tokens behind the server's back. */
async function addTokens(count: number): Promise<void> {
  const [token] = await server.database.query<Record<string, string | number | boolean | null>>(
    'SELECT * FROM tokens LIMIT 1',
  );
  const columns = Object.keys(token ?? {});
  const values = (index: number) =>
    columns.map((column) => {
      if (column === 'id' || column === 'digest') {
        return `'${column}-${index}'`;
      }
      const value = column === 'userId' ? id : (token?.[column] ?? null);
      return value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : String(value);
    });
  const rowsToAdd = Array.from({ length: count }, (_, index) => `(${values(index).join(', ')})`);
  await server.database.execute(
    `INSERT INTO tokens (${columns.map((column) => `"${column}"`).join(', ')}) VALUES ${rowsToAdd.join(', ')}`,
  );
}
