import { beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let token: string;
let asAdmin: Headers;

beforeAll(async () => {
  const { body } = await server.client.login(ADMIN.name, ADMIN.password);
  token = body.token ?? '';
  asAdmin = tokenHeader(body);
});

/** Makes every insert of a user fail inside the database, with all its parameters in the driver's error. */
const breakUsers = () => server.database.execute('ALTER TABLE "users" RENAME COLUMN "email" TO "broken"');
const mendUsers = () => server.database.execute('ALTER TABLE "users" RENAME COLUMN "broken" TO "email"');

describe('the log', () => {
  it('has one line in JSON for each entry', () => {
    const lines = server.log.trimEnd().split('\n');

    expect(lines.length).toBeGreaterThan(1);
    expect(() => lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();
  });

  it('holds no credential, in no form, of good and bad requests', async () => {
    await server.client.me(asAdmin);
    await server.client.me({ Authorization: `Bearer ${token}` });
    await server.client.login(ADMIN.name, 'a wrong password', { headers: { Cookie: `x=${token}` } });
    await server.client.request('GET', `/me?token=${token}`, { headers: asAdmin });

    const secrets = [token, asAdmin['X-Auth-Token'] ?? '', ADMIN.password, 'a wrong password'];
    const encoded = secrets.map((secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    expect([...secrets, ...encoded].filter((secret) => server.log.includes(secret))).toEqual([]);
  });

  it('holds neither parameters nor rows when the database fails', async () => {
    await breakUsers();
    const user = newUser({ displayName: 'Nobody Knows' });

    const { status, body } = await server.client.createUser(user, asAdmin);

    await mendUsers();
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(server.log).toContain(body.traceId);
    for (const value of ['$argon2id$', 'Nobody Knows', PASSWORD]) {
      expect(server.log).not.toContain(value);
    }
  });

  it('tells the caller nothing of the inside when the database fails', async () => {
    await breakUsers();

    const { text } = await server.client.createUser(newUser(), asAdmin);

    await mendUsers();
    expect(text).not.toMatch(/select|insert|column|email|sqlite|postgres|\.ts|node_modules/i);
  });
});
