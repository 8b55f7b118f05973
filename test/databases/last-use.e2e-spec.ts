import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});

afterAll(() => server.remove());

async function lastUse(
  headers: Headers,
  preview: string,
): Promise<{ lastUsageTime?: string; lastUsageAddress?: string }> {
  for (let tries = 0; tries < 40; tries += 1) {
    const token = (await server.client.myTokens(headers)).body.items.find(
      (item) => item.tokenPreview === preview,
    );
    if (token?.lastUsageTime) {
      return token;
    }
    await pause(50);
  }
  return {};
}

describe('lastUsageTime', () => {
  it('is returned soon after the first use, with the address and the same version', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = { Authorization: `Bearer ${body.token}` };
    const before = Date.now();

    const token = await lastUse(headers, body.tokenPreview);

    expect(Date.parse(token.lastUsageTime ?? '')).toBeGreaterThanOrEqual(before);
    expect(token).toMatchObject({ lastUsageAddress: '127.0.0.1', version: 0 });
  });

  it('is not written again within a minute', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = { Authorization: `Bearer ${body.token}` };
    const first = await lastUse(headers, body.tokenPreview);
    await server.client.bump(headers);
    await pause(400);

    expect((await lastUse(headers, body.tokenPreview)).lastUsageTime).toBe(first.lastUsageTime);
  });

  it('is absent on an unused token', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    const { items } = (await server.client.myTokens(headers)).body;

    expect(items.find(({ id }) => id === body.id)).not.toHaveProperty('lastUsageTime');
  });

  it('is written when the server stops', async () => {
    const restarted = await TestServer.start();
    const { body } = await restarted.client.login(ADMIN.name, ADMIN.password);
    await restarted.client.me({ Authorization: `Bearer ${body.token}` });
    await restarted.stop();

    const [row] = await restarted.database.query<{ lastUsageTime: unknown }>(
      'SELECT "lastUsageTime" FROM tokens',
    );

    expect(Number(row?.lastUsageTime)).toBeGreaterThan(0);
    await restarted.database.drop();
  });
});
