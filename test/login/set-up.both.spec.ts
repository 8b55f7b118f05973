import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/factories.js';
import { TestServer } from '../support/test-server.js';

const environment = {
  LATCHKEY_ADMIN_PASSWORD: undefined,
  LATCHKEY_PUBLIC_URL: 'https://auth.example.com',
};

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ environment });
});

afterAll(() => server.remove());

const secret = () =>
  readFileSync(join(server.database.folder, 'first-sign-in.txt'), 'utf8').match(/#(\S+)/)?.[1] ?? '';
const setUp = async (given: string) =>
  (await server.client.setUp({ secret: given, password: PASSWORD })).status;

// Covers B7 in docs/explanation/security.md.
it('a restart before the first sign-in leaves one valid link', async () => {
  const first = secret();

  await server.stop();
  server = await TestServer.start({ environment, database: server.database });

  const second = secret();
  // On PostgreSQL another replica may have just shown its link.
  const isRenewed = globalThis.DATABASE_KIND === 'sqlite';
  expect(second !== first).toBe(isRenewed);
  if (isRenewed) {
    expect(await setUp(first)).toBe(401);
  }
  expect(await setUp(second)).toBe(204);
});
