import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let server: TestServer;
let asAdmin: Headers;

beforeAll(async () => {
  server = await TestServer.start();
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(() => server.remove());

/** Blocks syncs of the log until `release` is called. */
function holdSyncs(): { begun: Promise<void>; release: () => void } {
  const log = server.app.get(Database, { strict: false }).log!['log'];
  const datasync = log.datasync.bind(log);
  let release = () => undefined as void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const begun = new Promise<void>((resolve) => {
    jest.spyOn(log, 'datasync').mockImplementation(async () => {
      resolve();
      await released;
      await datasync();
    });
  });
  return { begun, release };
}

/** Whether a response arrives before those of five later requests. */
async function arrives(response: Promise<unknown>): Promise<boolean> {
  let hasArrived = false;
  void response.then(() => (hasArrived = true));
  for (let count = 0; count < 5; count += 1) {
    await server.client.verify(asAdmin);
  }
  return hasArrived;
}

// Covers B37 in docs/explanation/security.md.
describe('a slow sync', () => {
  it('delays the responses to writes, but not verifications', async () => {
    const syncs = holdSyncs();
    const login = server.client.login(ADMIN.name, ADMIN.password);
    await syncs.begun;
    const isEarly = await arrives(login);
    const verified = await server.client.verify(asAdmin);
    syncs.release();

    expect([isEarly, verified.status, (await login).status]).toEqual([false, 200, 200]);
  });

  it('delays rejections that depend on the commit', async () => {
    const user = newUser();
    const syncs = holdSyncs();
    const created = server.client.createUser(user, asAdmin);
    await syncs.begun;
    const again = server.client.createUser(user, asAdmin);
    const isEarly = await arrives(again);
    syncs.release();

    expect([isEarly, (await created).status, (await again).status]).toEqual([false, 201, 409]);
  });

  it('does not delay the effect of a revocation', async () => {
    const token = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    await server.client.verify(token);
    const syncs = holdSyncs();
    const logout = server.client.logout(token);
    await syncs.begun;
    const { status } = await server.client.verify(token);
    syncs.release();

    expect([status, (await logout).status]).toEqual([401, 200]);
  });
});
