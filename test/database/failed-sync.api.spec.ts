import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { type Headers } from '../support/api-client.js';
import { failNextCommit } from '../support/database/fail-next-commit.js';
import { newUser } from '../support/factories.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let server: TestServer;
let asAdmin: Headers;

beforeAll(async () => {
  server = await TestServer.start();
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(() => server.remove());

/** Makes the next commit fail with a code of SQLite. */
function failWith(code: string): void {
  const { writer } = server.app.get(Database, { strict: false });
  const error = new QueryFailedError('COMMIT', [], Object.assign(new Error('disk I/O error'), { code }));
  failNextCommit(writer.createQueryRunner(), error);
}

/** Makes the next sync of the write-ahead log fail. */
function failSync(): void {
  const { log } = server.app.get(Database, { strict: false });
  const error = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
  jest.spyOn(log!['log'], 'datasync').mockRejectedValueOnce(error);
}

// Covers B40 in docs/explanation/security.md.
describe('a failed commit', () => {
  it('for lack of space affects only itself', async () => {
    failWith('SQLITE_FULL');

    const rejected = await server.client.createUser(newUser(), asAdmin);
    const next = await server.client.createUser(newUser(), asAdmin);

    expect([rejected.status, next.status, (await server.client.ready()).status]).toEqual([503, 201, 200]);
  });

  // SQLite itself syncs the first commit after a checkpoint.
  it.each([
    ['by SQLite', () => failWith('SQLITE_IOERR_FSYNC'), 404],
    // The commit itself has succeeded: see decision 0045.
    ['by the server', failSync, 200],
  ])(
    'in a sync %s stops all writes, while tokens are verified and readiness reports it',
    async (_, fail, found) => {
      const logged = server.log.length;
      const user = newUser();
      fail();

      const rejected = await server.client.createUser(user, asAdmin);
      const later = [
        await server.client.createUser(newUser(), asAdmin),
        await server.client.login(ADMIN.name, ADMIN.password),
        await server.client.logout(asAdmin),
      ];

      for (const { status, headers, body } of [rejected, ...later]) {
        expect([status, body.code]).toEqual([503, 'unavailable']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const ready = await server.client.ready();
      expect([ready.status, ready.body.reason]).toEqual([503, expect.stringContaining('disk has failed')]);
      expect((await server.client.verify(asAdmin)).status).toBe(200);
      expect((await server.client.user(user.name, asAdmin)).status).toBe(found);
      expect(server.log.slice(logged).split('The disk has failed').length - 1).toBe(1);

      // A restart ends this state.
      await server.stop();
      server = await TestServer.start({ database: server.database });
      const { status } = await server.client.createUser(newUser(), asAdmin);

      expect([status, (await server.client.ready()).status]).toEqual([201, 200]);
    },
  );
});
