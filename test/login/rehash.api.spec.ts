import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Passwords } from '../../apps/api/src/platform/crypto/passwords.service.js';
import { UserPasswordsRepository } from '../../apps/api/src/users/passwords/user-passwords.repository.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const LOWER = '$argon2id$v=19$m=19456,t=2,p=1$';
const HIGHER = '$argon2id$v=19$m=19456,t=3,p=1$';

let server: TestServer;

/** Hashes the administrator's password at the lower cost, and restarts with the higher one. */
beforeEach(async () => {
  const first = await TestServer.start({ hasRealHashes: true });
  expect((await first.client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
  await first.stop();
  server = await TestServer.start({
    database: first.database,
    environment: { LATCHKEY_ARGON2_PASSES: '3' },
    hasRealHashes: true,
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await server.remove();
});

async function storedHash(): Promise<string> {
  const [row] = await server.database.query<{ passwordHash: string }>(
    `SELECT "passwordHash" FROM users WHERE name = '${ADMIN.name}'`,
  );
  return row?.passwordHash ?? '';
}

// Covers B2 in docs/explanation/security.md.
describe('a server start with a higher hash cost', () => {
  it('keeps the hash after a failed login, and replaces it at the next successful one', async () => {
    const before = await storedHash();

    const failed = await server.client.login(ADMIN.name, 'a wrong password');
    const afterFailure = await storedHash();
    const good = await server.client.login(ADMIN.name, ADMIN.password);
    const afterSuccess = await storedHash();

    expect(before.startsWith(LOWER)).toBe(true);
    expect([failed.status, afterFailure]).toEqual([401, before]);
    expect(good.status).toBe(200);
    expect(afterSuccess.startsWith(HIGHER)).toBe(true);
    expect((await server.client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    expect(await storedHash()).toBe(afterSuccess);
  });

  it('compares the passwords of unknown users with hashes of the stored costs, not the configured cost', async () => {
    await server.database.execute(
      `INSERT INTO users ("id", "name", "kind", "creationTime") VALUES ('${randomUUID()}', 'service', 'service', 0)`,
    );
    const verify = jest.spyOn(server.app.get(Passwords, { strict: false }), 'verify');

    const names = ['nobody', 'no such name!', 'service', ADMIN.name];
    for (const name of names) {
      expect((await server.client.login(name, 'a wrong password')).status).toBe(401);
    }

    const compared = verify.mock.calls.map(([stored, , , dummy]) => stored ?? dummy);
    expect(compared).toEqual(names.map(() => expect.stringContaining(LOWER)));
    expect(compared.slice(0, 3)).not.toContain(await storedHash());
  });

  it('lets a login succeed when the new hash cannot be stored, and stores it at the next one', async () => {
    const before = await storedHash();
    jest
      .spyOn(server.app.get(UserPasswordsRepository, { strict: false }), 'replaceHash')
      .mockRejectedValueOnce(new Error('the disk is full'));

    const { status } = await server.client.login(ADMIN.name, ADMIN.password);

    expect([status, await storedHash()]).toEqual([200, before]);
    expect(server.log).toContain('A password hash could not be replaced with a stronger one');
    await server.client.login(ADMIN.name, ADMIN.password);
    expect((await storedHash()).startsWith(HIGHER)).toBe(true);
  });
});
