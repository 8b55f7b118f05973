import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type TokenBulkAction, type TokenBulkRequestDto, type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import {
  flushTokenUsage,
  settleCanaries,
  settleLeakReports,
  useAdmin,
  useServer,
  stopClock,
} from '../support/use-server.js';

const DAY = 86_400_000;

const server = useServer();
const session = useAdmin(server);
// A session would expire while the clock is ahead.
const asAdmin: Headers = {};

beforeAll(async () => {
  Object.assign(asAdmin, tokenHeader((await server.client.createMyToken(session)).body));
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Creates a user with a token. */
async function createToken(dto: object = {}): Promise<UserTokenDto> {
  const user = newUser();
  await server.client.createUser(user, asAdmin);
  const { status, body } = await server.client.createUserToken(user.name, asAdmin, dto);
  expect(status).toBe(201);
  return body;
}

const change = async (body: TokenBulkRequestDto, headers: Headers = asAdmin) =>
  (await server.client.bulkTokens(body, headers)).body.results[0];

const acknowledge = async ({ id }: UserTokenDto) =>
  expect(await change({ action: 'acknowledge', ids: [id] })).toMatchObject({ status: 200 });

const read = async ({ id }: UserTokenDto) => (await server.client.token(id, asAdmin)).body;

/**
 * Whether the inbox of the administrators shows a token. Checks that exactly one of the two filters matches
 * it.
 */
async function isInInbox({ user }: UserTokenDto): Promise<boolean> {
  const count = async (acknowledged: boolean) => {
    const query = `?user=${user}&state=active,expiring,disabled,revoked&acknowledged=${acknowledged}`;
    return (await server.client.tokens(asAdmin, query)).body.total;
  };
  const shown = await count(false);
  expect(await count(true)).toBe(1 - shown);
  return shown === 1;
}

describe('an acknowledged token', () => {
  it('is hidden from the inbox until it is shown again, and keeps its version', async () => {
    const token = await createToken();

    const before = await isInInbox(token);
    await acknowledge(token);
    const acknowledged = [await isInInbox(token), await read(token)];
    await change({ action: 'unacknowledge', ids: [token.id] });

    expect(before).toBe(true);
    expect(acknowledged).toEqual([
      false,
      { ...(await read(token)), acknowledgedTime: expect.stringMatching(/Z$/) },
    ]);
    expect(await read(token)).toMatchObject({ version: token.version });
    expect(await isInInbox(token)).toBe(true);
  });

  it('returns when it is reported as leaked', async () => {
    const token = await createToken();
    await acknowledge(token);

    await server.client.reportLeak({ tokens: [token.token ?? ''] });
    await settleLeakReports(server);
    const returned = await isInInbox(token);
    await acknowledge(token);

    expect(returned).toBe(true);
    // Also though the report has revoked it.
    expect(await isInInbox(token)).toBe(false);
  });

  it('returns when the canary is used again', async () => {
    const canary = await createToken({ kind: 'canary' });
    const use = async () => {
      await server.client.me(tokenHeader(canary));
      await settleCanaries(server);
      await flushTokenUsage(server);
    };
    await use();
    await acknowledge(canary);
    const acknowledged = await isInInbox(canary);
    await use();

    expect(acknowledged).toBe(false);
    expect(await isInInbox(canary)).toBe(true);
  });

  it('returns when the canary was used before, but the use was not yet written', async () => {
    const canary = await createToken({ kind: 'canary' });
    const use = async () => {
      await server.client.me(tokenHeader(canary));
      await settleCanaries(server);
    };
    await use();
    await flushTokenUsage(server);
    await use();
    await acknowledge(canary);
    await flushTokenUsage(server);

    expect(await isInInbox(canary)).toBe(true);
  });

  it('returns when it begins to expire, and not if that was known', async () => {
    const later = await createToken({ expiresIn: (20 * DAY) / 1_000 });
    const soon = await createToken({ expiresIn: (13 * DAY) / 1_000 });
    await acknowledge(later);
    await acknowledge(soon);

    expect([await isInInbox(later), await isInInbox(soon)]).toEqual([false, false]);
    stopClock(server, Date.now() + 7 * DAY);
    expect([await isInInbox(later), await isInInbox(soon)]).toEqual([true, false]);
  });

  it('does not return with an ordinary use', async () => {
    const token = await createToken();
    await acknowledge(token);
    await server.client.me(tokenHeader(token));
    await flushTokenUsage(server);

    expect(await read(token)).toHaveProperty('lastUsageTime');
    expect(await isInInbox(token)).toBe(false);
  });

  it('is recorded in the audit trail', async () => {
    const token = await createToken();
    await acknowledge(token);
    await change({ action: 'unacknowledge', ids: [token.id] });
    await change({ action: 'unacknowledge', ids: [token.id] });

    const { items } = (await server.client.auditEvents(asAdmin, `?subject=${token.id}`)).body;
    expect(items.map(({ action, after }) => [action, after?.['action']])).toEqual([
      ['authn_token_updated', 'unacknowledge'],
      ['authn_token_updated', 'acknowledge'],
      ['authn_token_created', undefined],
    ]);
  });

  it.each<TokenBulkAction>(['acknowledge', 'unacknowledge'])(
    'requires tokens:write: the owner alone cannot %s its token',
    async (action) => {
      const token = await createToken();
      const headers = tokenHeader((await server.client.login(token.user, PASSWORD)).body);
      const before = await read(token);

      expect(await change({ action, ids: [token.id] }, headers)).toMatchObject({ code: 'forbidden' });
      expect(await read(token)).toMatchObject({ version: before.version });
      expect(await read(token)).not.toHaveProperty('acknowledgedTime');
    },
  );

  it('can have more permissions than the administrator, because the action gives it none', async () => {
    const role = newRole({ permissions: ['tokens:read', 'tokens:write'] });
    await server.client.createRole(role, asAdmin);
    const user = newUser({ roles: [role.name] });
    await server.client.createUser(user, asAdmin);
    const headers = tokenHeader((await server.client.login(user.name, PASSWORD)).body);
    const { body: above } = await server.client.createMyToken(asAdmin);

    expect(await change({ action: 'acknowledge', ids: [above.id] }, headers)).toMatchObject({ status: 200 });
  });
});
