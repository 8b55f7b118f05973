import { describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { writeLastUses } from '../support/last-uses.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, make } = useTokens(server, asAdmin);

/** Writes the uses so far, and reads what is known of a token. */
async function usesOf(id: string) {
  await writeLastUses(server);
  return (await server.client.token(id, asAdmin)).body;
}

const use = async (headers: Headers, agent: string) => {
  expect((await server.client.me({ ...headers, 'User-Agent': agent })).status).toBe(200);
};

describe('the uses of a superseded secret', () => {
  it('are counted separately from those of the current one', async () => {
    const token = await make(await signUp());
    await use(token.headers, 'before');
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    await use(tokenHeader(rotated), 'new');
    for (let count = 0; count < 3; count += 1) {
      await use(token.headers, `old/${count}`);
    }

    const { lastUsageAgent, superseded, version } = await usesOf(token.id);
    expect(lastUsageAgent).toBe('new');
    expect(superseded).toEqual({
      until: rotated.superseded?.until,
      uses: 3,
      lastUsageTime: expect.stringMatching(/Z$/),
      lastUsageAddress: '127.0.0.1',
      lastUsageAgent: 'old/2',
    });
    expect(version).toBe(1);
  });

  it('add up over several writes', async () => {
    const token = await make(await signUp());
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
    const parallel = () => Promise.all(Array.from({ length: 10 }, () => use(token.headers, 'old')));

    await parallel();
    const first = await usesOf(token.id);
    await parallel();
    const second = await usesOf(token.id);

    expect([first.superseded?.uses, second.superseded?.uses]).toEqual([10, 20]);
    expect(second).not.toHaveProperty('lastUsageTime');
  });

  it('are visible soon, even if the token was used a moment ago', async () => {
    const token = await make(await signUp());
    await use(token.headers, 'before');
    await usesOf(token.id);
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    await use(token.headers, 'old');

    await expect(
      untilKnown(async () => (await server.client.token(token.id, asAdmin)).body.superseded?.lastUsageAgent),
    ).resolves.toBe('old');
  });

  it('stay visible until the next rotation', async () => {
    const token = await make(await signUp());
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
    await use(token.headers, 'old');
    expect((await usesOf(token.id)).superseded?.uses).toBe(1);

    const { body } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    expect(body.superseded).toEqual({ until: expect.stringMatching(/Z$/), uses: 0 });
  });

  it('are not attributed to the next superseded secret when they are written late', async () => {
    const token = await make(await signUp());
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });
    await use(token.headers, 'oldest');
    await use(token.headers, 'oldest');
    const { body } = await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    const { superseded } = await usesOf(token.id);

    expect(superseded).toEqual({ until: body.superseded?.until, uses: 0 });
  });
});

/** What is read, as soon as there is something; `undefined` after two seconds. */
async function untilKnown<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + 2_000;
  let value = await read();
  while (value === undefined && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    value = await read();
  }
  return value;
}
