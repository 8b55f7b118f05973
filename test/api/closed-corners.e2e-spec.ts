import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { basic } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const headers = useAdmin(server);

/** The status of a request whose fields may repeat, which `fetch` would join. */
function statusOf(path: string, fields: Record<string, string | string[]>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(server.client.baseUrl + path, { headers: fields }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject).end();
  });
}

describe('an invalid Content-Type', () => {
  it.each(['/auth/login', '/auth/bump', '/auth/logout'])(
    'returns 401, not 415, without credentials on %s',
    async (path) => {
      const { status } = await server.client.request('POST', path, { headers: { 'Content-Type': 'foo' } });

      expect(status).toBe(401);
    },
  );

  it('returns 415 with a body once the caller is authenticated', async () => {
    const answer = await fetch(`${server.client.baseUrl}/auth/login`, {
      method: 'POST',
      headers: { Authorization: basic(ADMIN.name, ADMIN.password), 'Content-Type': 'foo' },
      body: '{}',
    });

    expect(answer.status).toBe(415);
  });
});

describe('a body of 300 KB on a route that expects none', () => {
  it('returns 413', async () => {
    const answer = await fetch(`${server.client.baseUrl}/auth/bump`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'text/plain' },
      body: 'x'.repeat(300_000),
    });

    expect(answer.status).toBe(413);
  });
});

describe('a parameter on a route that takes none', () => {
  it('returns 400', async () => {
    const { status, body } = await server.client.request<object>('GET', '/me?x=1', { headers });

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_parameter' });
  });
});

describe('an Authorization field meant for a gateway, beside X-Auth-Token', () => {
  it('is ignored, even with commas', async () => {
    const fields = { ...headers, Authorization: 'Digest username="a", realm="b"' };

    expect((await server.client.me(fields)).status).toBe(200);
  });

  it('returns 400 when sent twice, and 401 on GET /auth/verify', async () => {
    const fields = { ...headers, Authorization: ['Basic YTpi', 'Bearer lk_other'] };

    expect(await statusOf('/me', fields)).toBe(400);
    expect(await statusOf('/auth/verify', fields)).toBe(401);
  });
});

describe('GET /auth/verify', () => {
  it('returns 401 without a body for a URL that is too long', async () => {
    const { status, text } = await server.client.verify(headers, `?x=${'y'.repeat(9_000)}`);

    expect([status, text]).toEqual([401, '']);
  });
});

describe('the session cookie', () => {
  const CLEARED = /^__Host-latchkey=; Max-Age=0;/;

  it('is cleared by a rejected log-out from the same origin', async () => {
    const { status, headers: answered } = await server.client.logout({
      'X-Auth-Token': 'bm9ib2R5Om5vbmU',
      'Sec-Fetch-Site': 'same-origin',
    });

    expect(status).toBe(401);
    expect(answered.get('set-cookie')).toMatch(CLEARED);
  });

  it('is cleared when its token is unknown', async () => {
    const { status, headers: answered } = await server.client.session({
      Cookie: '__Host-latchkey=lk_gone',
      'Sec-Fetch-Site': 'same-origin',
    });

    expect(status).toBe(401);
    expect(answered.get('set-cookie')).toMatch(CLEARED);
  });

  it("returns the session's expiry in X-Auth-Token-Expires", async () => {
    const login = await server.client.login(ADMIN.name, ADMIN.password, {
      headers: { Prefer: 'session-cookie' },
    });
    const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');

    const answer = await server.client.session({ Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-auth-token-expires')).toBe(login.body.idleExpirationTime);
  });
});

describe('the code of a failed validation', () => {
  it('keeps acronyms together', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password, {
      body: { expirationTime: 'soon' },
    });

    expect(body.errors?.map(({ code }) => code)).toContain('is_rfc3339');
  });
});
