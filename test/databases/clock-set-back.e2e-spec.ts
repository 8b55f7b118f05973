import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.js';
import { Writes } from '../../apps/api/src/platform/database/writes.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { flushTokenUsage } from '../support/use-server.js';
import { ADMIN, TestServer } from '../support/test-server.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PATIENCE_MILLISECONDS = 10_000;

let server: TestServer;
let asAdmin: Headers;

beforeEach(async () => {
  server = await TestServer.start();
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await server.remove();
});

interface Presented {
  user: string;
  token?: string;
}

const inAnHour = () => new Date(Date.now() + HOUR).toISOString();

const apiToken = async () =>
  (await server.client.createMyToken(asAdmin, { note: 'nightly job', expirationTime: inAnHour() })).body;

const codeOf = async (token: Presented) => (await server.client.me(tokenHeader(token))).body.code;

const stateOf = async (id: string) => {
  const { body: one } = await server.client.token(id, asAdmin);
  const { body: listed } = await server.client.tokens(asAdmin, `?state=${one.state}`);
  return listed.items.some((token) => token.id === id) ? one.state : `${one.state}, and not in that list`;
};

/** Presents a token with the clock so far ahead, sets that back, and waits until it is refused by its note. */
async function refuseAt(milliseconds: number, token: Presented): Promise<void> {
  const clock = jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => Date.now() + milliseconds);
  expect(await codeOf(token)).toBe('token_expired');
  clock.mockRestore();
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while ((await codeOf(token)) !== 'token_expired') {
    if (Date.now() > deadline) {
      throw new Error('A token that was refused is good once more');
    }
  }
}

// Requirement B43.
describe('an expired token, after the clock is set back', () => {
  it('stays rejected, and is listed as expired', async () => {
    const [short, other] = [await apiToken(), await apiToken()];

    await refuseAt(2 * HOUR, short);

    expect(await codeOf(other)).toBeUndefined();
    expect([await stateOf(short.id), await stateOf(other.id)]).toEqual(['expired', 'expiring']);
  });

  it('stays rejected if its idle expiry had passed', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const { body: session } = await server.client.login(user.name, PASSWORD);

    await refuseAt(8 * DAY, session);
  });

  it('stays rejected after a restart', async () => {
    const token = await apiToken();
    await refuseAt(2 * HOUR, token);
    await server.stop();

    server = await TestServer.start({ database: server.database });

    expect(await codeOf(token)).toBe('token_expired');
  });

  it('keeps its last use, even if that is written later', async () => {
    const token = await apiToken();
    await codeOf(token);

    await refuseAt(2 * HOUR, token);
    await flushTokenUsage(server);

    expect((await server.client.token(token.id, asAdmin)).body.lastUsageTime).toBeDefined();
  });

  it('is recorded once, however often it is presented', async () => {
    const token = await apiToken();
    await refuseAt(2 * HOUR, token);
    const transactions = jest.spyOn(server.app.get(Writes), 'transaction');
    const { body: me } = await server.client.me(asAdmin);

    await refuseAt(3 * HOUR, token);
    await refuseAt(0, token);

    expect(transactions.mock.calls.filter(([, touched]) => isDeepStrictEqual(touched, [me.id]))).toEqual([]);
  });
});
