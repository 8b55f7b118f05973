import { beforeAll, describe, expect, it } from '@jest/globals';
import { basic, tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { refuseLeaks } from '../support/leaks.js';
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

/** Makes every insert of a user fail in the database. The driver's error contains all parameters. */
const breakUsers = () => server.database.execute('ALTER TABLE "users" RENAME COLUMN "email" TO "broken"');
const fixUsers = () => server.database.execute('ALTER TABLE "users" RENAME COLUMN "broken" TO "email"');

describe('the log', () => {
  it('has one JSON object per line', () => {
    const lines = server.log.trimEnd().split('\n');

    expect(lines.length).toBeGreaterThan(1);
    expect(() => lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();
  });

  it('has no credential in any form, of successful and failed requests', async () => {
    await server.client.me(asAdmin);
    await server.client.me({ Authorization: `Bearer ${token}` });
    await server.client.login(ADMIN.name, 'a wrong password', { headers: { Cookie: `x=${token}` } });
    await server.client.request('GET', `/me?token=${token}`, { headers: asAdmin });

    const secrets = [token, asAdmin['X-Auth-Token'] ?? '', ADMIN.password, 'a wrong password'];
    const encoded = secrets.map((secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    expect([...secrets, ...encoded].filter((secret) => server.log.includes(secret))).toEqual([]);
  });

  it('has neither parameters nor rows when the database fails', async () => {
    await breakUsers();
    const user = newUser({ displayName: 'Nobody Knows' });

    const { status, body } = await server.client.createUser(user, asAdmin);

    await fixUsers();
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(server.log).toContain(body.traceId);
    for (const value of ['$argon2id$', 'Nobody Knows', PASSWORD]) {
      expect(server.log).not.toContain(value);
    }
  });

  it('is the only place with details of a database error', async () => {
    await breakUsers();

    const { text } = await server.client.createUser(newUser(), asAdmin);

    await fixUsers();
    expect(text).not.toMatch(/select|insert|column|email|sqlite|postgres|\.ts|node_modules/i);
  });
});

// Requirement B57.
describe('the search for secrets in the output of test servers', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it.each<[string, () => string]>([
    ['a token', () => token],
    ['the field that carries a token', () => asAdmin['X-Auth-Token'] ?? ''],
    ['the field that carries a password', () => basic('ann', PASSWORD)],
    ['a password', () => ADMIN.password],
    ['a password in base64', () => base64(ADMIN.password)],
    ['a password hash', () => '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA'],
    ['a credential that was sent', () => 'none-that-anybody-has'],
    ['the password of the database', () => 'postgres://latchkey:a-secret@localhost/latchkey'],
  ])('finds %s', async (_what, secret) => {
    await server.client.me({ Cookie: 'a=b; __Host-latchkey=none-that-anybody-has' });
    const output = `{"msg":"one"}\n{"msg":"two","x":"${secret()}"}\n`;

    expect(() => refuseLeaks(output, 'postgres://latchkey:a-secret@db/latchkey')).toThrow('"two"');
  });

  it('finds nothing in the present output', () => {
    expect(server.log).not.toBe('');
    expect(() => refuseLeaks(server.log, server.database.url)).not.toThrow();
  });
});
