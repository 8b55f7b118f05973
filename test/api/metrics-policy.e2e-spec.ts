import { afterEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { TestServer } from '../support/test-server.js';

let server: TestServer;

afterEach(() => server.remove());

describe('GET /metrics', () => {
  it('returns 200 without a token when LATCHKEY_METRICS is open', async () => {
    server = await TestServer.start({ environment: { LATCHKEY_METRICS: 'open' } });

    expect((await server.client.request('GET', '/metrics')).status).toBe(200);
  });

  it('returns 404 to an administrator when LATCHKEY_METRICS is off', async () => {
    server = await TestServer.start({ environment: { LATCHKEY_METRICS: 'off' } });
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    expect((await server.client.request('GET', '/metrics', { headers })).status).toBe(404);
  });
});
