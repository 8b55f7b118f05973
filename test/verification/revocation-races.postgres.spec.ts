import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RevocationListener } from '../../apps/api/src/platform/replicas/revocation-listener.service.js';
import { type Headers } from '../support/api-client.js';
import { pauseAfterTokenRead } from '../support/paused-requests.js';
import { type ServerProcess } from '../support/server-process.js';
import { StallingProxy } from '../support/stalling-proxy.mjs';
import { TestServer } from '../support/test-server.js';
import { useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const LISTENER = 'latchkey listener';

const replicas = useReplicas();
let proxy: StallingProxy;
let other: ServerProcess;
let server: TestServer;
let feed: RevocationListener;
let asAdmin: Headers;

beforeAll(async () => {
  other = await replicas.startReceiving();
  proxy = await StallingProxy.open(replicas.database.url);
  server = await TestServer.start({
    database: { ...replicas.database, url: proxy.url },
    environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' },
  });
  feed = server.app.get(RevocationListener);
  asAdmin = await replicas.asAdmin(other);
});

beforeEach(async () => {
  await waitUntil(() => feed.isCurrent);
});

afterAll(async () => {
  await server.stop();
  proxy.close();
});

const verify = async (headers: Headers) => (await server.client.verify(headers)).status;

/** Resolves when the server receives a notification. */
const nextNotification = () => new Promise<void>((resolve) => feed.subscribe(() => resolve()));

const cut = async () => {
  proxy.cut(LISTENER);
  await waitUntil(() => !feed.isCurrent);
};

const listenAgain = async () => {
  proxy.resume();
  await waitUntil(() => feed.isCurrent);
};

describe('a database read does not fill the cache', () => {
  it('if it started before the revocation by another replica, and ended after its notification', async () => {
    const { id, headers } = await replicas.signUp(other, asAdmin);
    const lookUp = await pauseAfterTokenRead(server, headers);
    const heard = nextNotification();

    await other.client.revokeToken(id, asAdmin);
    await heard;

    // The request came before the revocation. Later ones are rejected.
    expect(await lookUp.resume()).toBe(200);
    expect(await verify(headers)).toBe(401);
  });

  it('if it started before the connection was lost, and ended after it was restored', async () => {
    const { id, headers } = await replicas.signUp(other, asAdmin);
    const lookUp = await pauseAfterTokenRead(server, headers);

    await cut();
    await other.client.revokeToken(id, asAdmin);
    await listenAgain();

    expect(await lookUp.resume()).toBe(200);
    expect(await verify(headers)).toBe(401);
  });

  it('if it started without a connection, and ended with one', async () => {
    const { id, headers } = await replicas.signUp(other, asAdmin);
    await cut();
    const lookUp = await pauseAfterTokenRead(server, headers);

    await other.client.revokeToken(id, asAdmin);
    await listenAgain();

    expect(await lookUp.resume()).toBe(200);
    expect(await verify(headers)).toBe(401);
  });

  it('if it ended without a connection', async () => {
    const { id, headers } = await replicas.signUp(other, asAdmin);
    const lookUp = await pauseAfterTokenRead(server, headers);
    await cut();

    expect(await lookUp.resume()).toBe(200);
    await other.client.revokeToken(id, asAdmin);

    expect(await verify(headers)).toBe(401);
    await listenAgain();
    expect(await verify(headers)).toBe(401);
  });
});
