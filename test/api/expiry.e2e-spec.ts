import { describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const IDLE = 2_000;
const MAX = 4_000;

const server = useServer({
  environment: { LATCHKEY_SESSION_IDLE_SECONDS: '2', LATCHKEY_SESSION_MAX_SECONDS: '4' },
});

const login = async (body = {}) => (await server.client.login(ADMIN.name, ADMIN.password, { body })).body;

/** Waits until so many milliseconds after a token was made. */
const age = ({ creationTime }: UserTokenDto, milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, Date.parse(creationTime) + milliseconds - Date.now()));

// Requirement B12.
describe('a session', () => {
  it('has both expiry times in the response', async () => {
    const token = await login();

    const start = Date.parse(token.creationTime);
    expect(Date.parse(token.idleExpirationTime ?? '') - start).toBe(IDLE);
    expect(Date.parse(token.expirationTime ?? '') - start).toBe(MAX);
  });

  it('is accepted until its idle expiry, and rejected from then on in 200 of 200 requests', async () => {
    const token = await login();

    await age(token, IDLE - 500);
    const before = await server.client.me(tokenHeader(token));
    await age(token, IDLE);
    const after = await Promise.all(
      Array.from({ length: 200 }, () => server.client.verify(tokenHeader(token))),
    );

    expect(before.status).toBe(200);
    expect(after.filter(({ status }) => status !== 401)).toEqual([]);
    expect((await server.client.bump(tokenHeader(token))).body).toMatchObject({
      code: 'token_expired',
      detail: expect.stringMatching(/idle for too long/),
    });
    expect((await server.client.logout(tokenHeader(token))).body.code).toBe('token_expired');
  });

  it('is extended by bumps, but never past its absolute expiry', async () => {
    const token = await login();

    const statuses = [];
    for (const milliseconds of [1_000, 2_500, 3_500]) {
      await age(token, milliseconds);
      const { status, headers } = await server.client.bump(tokenHeader(token));
      statuses.push(status);
      expect((headers.get('x-auth-token-expires') ?? '') <= (token.expirationTime ?? '')).toBe(true);
    }
    const { body: kept } = await server.client.token(token.id, tokenHeader(token));
    await age(token, MAX);
    const end = await server.client.bump(tokenHeader(token));

    expect(statuses).toEqual([200, 200, 200]);
    expect(kept.expirationTime).toBe(token.expirationTime);
    expect(end.body).toMatchObject({
      status: 401,
      code: 'token_expired',
      detail: expect.stringMatching(/maximum lifetime/),
    });
  });

  it('is not extended by use alone', async () => {
    const token = await login();

    await age(token, IDLE - 500);
    await server.client.me(tokenHeader(token));
    await age(token, IDLE);

    expect((await server.client.me(tokenHeader(token))).status).toBe(401);
  });

  it('expires at the requested time if that is earlier', async () => {
    const expirationTime = new Date(Date.now() + 1_000).toISOString();
    const token = await login({ expirationTime });
    expect((await server.client.me(tokenHeader(token))).status).toBe(200);

    await age(token, 1_000);

    expect(token.idleExpirationTime).toBe(expirationTime);
    expect((await server.client.me(tokenHeader(token))).status).toBe(401);
  });

  it('is not listed after it has expired', async () => {
    const token = await login();
    await age(token, IDLE);

    const { body } = await server.client.myTokens(tokenHeader(await login()), '?size=200');

    expect(body.items.map(({ id }) => id)).not.toContain(token.id);
  });
});
