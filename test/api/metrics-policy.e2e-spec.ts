import { afterEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { TestServer } from '../support/test-server.js';

let server: TestServer;

afterEach(() => server.remove());

describe('LATCHKEY_METRICS', () => {
  it('open lets everybody read the metrics', async () => {
    server = await TestServer.start({ environment: { LATCHKEY_METRICS: 'open' } });

    expect((await server.client.request('GET', '/metrics')).status).toBe(200);
  });

  it('off leaves no metrics, for an administrator either', async () => {
    server = await TestServer.start({ environment: { LATCHKEY_METRICS: 'off' } });
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    expect((await server.client.request('GET', '/metrics', { headers })).status).toBe(404);
  });
});
