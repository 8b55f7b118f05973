import { describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer();

describe('POST /auth/login', () => {
  it('returns 200 with the user token', async () => {
    const { status, headers, body } = await server.client.login(ADMIN.name, ADMIN.password);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('vary')).toContain('Accept');
    expect(body).toMatchObject({ enabled: true, version: 0, user: 'admin', kind: 'session' });
    expect(body.token).toMatch(/^lk_[0-9A-Za-z]{33}$/);
    expect(body.creationTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});

describe('POST /auth/bump', () => {
  it('returns 200 with the new lastLoginTime alone', async () => {
    const { body: token } = await server.client.login(ADMIN.name, ADMIN.password);

    const { status, body } = await server.client.bump(tokenHeader(token));

    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['lastLoginTime']);
    expect(body.lastLoginTime >= token.creationTime).toBe(true);
  });
});

describe('POST /auth/logout', () => {
  it('returns 200 and revokes only the presented token', async () => {
    const first = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const second = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    const { status, body } = await server.client.logout(first);

    expect([status, body]).toEqual([200, { success: true }]);
    expect((await server.client.bump(first)).status).toBe(401);
    expect((await server.client.bump(second)).status).toBe(200);
  });
});
