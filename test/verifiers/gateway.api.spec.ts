import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type ExplanationDto, type UserTokenDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { flushTokenUsage, useAdmin, useServer } from '../support/use-server.js';
import { useVerifier } from '../support/use-verifier.js';
import { Connection } from '../support/verify-ways.js';
import { waitUntil } from '../support/wait-until.js';
import { RemoteTokens } from '../../apps/api/src/verifier/remote-tokens.service.js';

const server = useServer();
const asAdmin = useAdmin(server);
const verifier = useVerifier(server, asAdmin);

afterEach(() => {
  jest.restoreAllMocks();
});

async function createToken(limits = {}): Promise<UserTokenDto> {
  return (await server.client.createMyToken(asAdmin, limits)).body;
}

const verify = (headers: Headers, query = '') =>
  verifier.client.request('GET', `/auth/verify${query}`, { headers });

describe('latchkey verifier', () => {
  it('answers from memory, and asks about tokens with a limit on their uses', async () => {
    const [token, counted] = [await createToken(), await createToken({ maxUses: 3 })];
    const recorded = jest.spyOn(verifier.app.get(RemoteTokens), 'recordUseOf');

    const statuses: number[] = [];
    for (const { headers } of [token, token, token, counted, counted, counted, counted].map((each) => ({
      headers: tokenHeader(each),
    }))) {
      statuses.push((await verify(headers)).status);
    }

    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 401]);
    expect(recorded).toHaveBeenCalledTimes(2);
  });

  it('rejects a revoked token', async () => {
    const token = await createToken();
    expect((await verify(tokenHeader(token))).status).toBe(200);

    await server.client.revokeToken(token.id, asAdmin);

    await waitUntil(
      () => verify(tokenHeader(token)),
      ({ status }) => status === 401,
    );
  });

  it('accepts a session right after its step-up, although its memory may be older', async () => {
    const { name } = newUser();
    await server.client.createUser({ name, password: PASSWORD }, asAdmin);
    const session = await server.client.loginHeaders(name, PASSWORD);
    expect((await verify(session, '?method=pwd')).status).toBe(200);
    expect((await verify(session, '?method=otp')).status).toBe(403);

    await enrol(server.client, session);
    const response = await verify(session, '?method=otp&fresh=300');

    expect([response.status, response.headers.get('x-auth-methods')]).toEqual([200, 'pwd,otp']);
  });

  it('returns its metrics to tokens with metrics:read only', async () => {
    const metrics = (headers: Headers) => verifier.client.request('GET', '/metrics', { headers });

    const { status, text } = await metrics(asAdmin);

    expect(status).toBe(200);
    expect(text).toContain('latchkey_notifications_working 1');
    expect(text).toMatch(/^latchkey_verifier_token_expiry_timestamp_seconds [\d.]+$/m);
    expect((await metrics({})).status).toBe(401);
    expect((await metrics(tokenHeader(await createToken({ permissions: ['users:read'] })))).status).toBe(403);
  });

  it('has no other routes of the server', async () => {
    for (const path of ['/users', '/auth/login', '/openapi.json', '/admin/', '/auth/introspect']) {
      expect((await verifier.client.request('GET', path, { headers: asAdmin })).status).toBe(404);
    }
  });

  it.each<[string, (token: string) => string[]]>([
    ['a field of 20 KiB', () => [`X-Auth-Token: ${'x'.repeat(20_480)}`]],
    ['a token of 8 KiB', () => [`Authorization: Bearer ${'x'.repeat(8_192)}`]],
    ['two tokens', (token) => [`Authorization: Bearer ${token}`, 'X-Auth-Token: YTpi']],
    ['a repeated token', (token) => [`Authorization: Bearer ${token}`, `authorization: Bearer ${token}`]],
    ['a scheme in odd case', (token) => [`Authorization: bEARER ${token}`]],
    ['a space before the colon', (token) => [`Authorization : Bearer ${token}`]],
  ])('sends the same response as the server for %s', async (_, fieldsOf) => {
    const { token = '' } = await createToken();
    const request = ['GET /auth/verify HTTP/1.1', 'Host: a', ...fieldsOf(token), '', ''].join('\r\n');
    const responses = await Promise.all(
      [server, verifier].map(async ({ client }) => {
        const connection = new Connection(Number(new URL(client.baseUrl).port));
        const response = await connection.exchange(request);
        connection.close();
        return response.replaceAll(/(?<=\r\ndate: )[^\r]*|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi, '…');
      }),
    );

    expect(responses[1]).toBe(responses[0]);
  });

  it('sends the same response as the server for a session that can only add a second factor', async () => {
    const { body: role } = await server.client.createRole(
      { name: `strict-${Date.now()}`, permissions: [], requiresSecondFactor: true },
      asAdmin,
    );
    const { name } = newUser();
    await server.client.createUser({ name, password: PASSWORD, roles: [role.name] }, asAdmin);
    const session = await server.client.loginHeaders(name, PASSWORD);

    const responses = await Promise.all(
      [server, verifier].map(async ({ client }) => {
        const { status, headers } = await client.request('GET', '/auth/verify?fresh=60', {
          headers: session,
        });
        return [
          status,
          Object.fromEntries([...headers].filter(([field]) => !/^(date|x-request-id)$/.test(field))),
        ];
      }),
    );

    expect(responses[1]).toEqual(responses[0]);
    expect(responses[0]).toMatchObject([403, { 'x-auth-error': 'enrolment_required' }]);
  });

  it('reports uses, and lets the server explain all rejections, when it stops', async () => {
    const token = await createToken();
    const limited = tokenHeader(await createToken({ permissions: ['users:read'] }));
    const rejected: [cause: string, headers: Headers, query?: string][] = [
      ['no_credentials', {}],
      ['malformed_credentials', { 'x-auth-token': 'junk' }],
      ['ambiguous_credentials', { ...limited, authorization: `Bearer ${token.token}` }],
      ['missing_permission', limited, '?permission=users:write'],
      ['missing_permission', limited, '?role=nobody'],
      ['step_up_required', limited, '?fresh=300'],
      ['step_up_required', asAdmin, '?method=passkey'],
      ['invalid_query', limited, '?q=1'],
      ['unknown_secret', { authorization: `Bearer ${(await deleted()).token}` }],
    ];
    const traceIds: (string | null)[] = [];
    for (const [, headers, query] of rejected) {
      traceIds.push((await verify(headers, query)).headers.get('x-request-id'));
    }
    for (let use = 0; use < 3; use += 1) {
      await verify(tokenHeader(token));
    }

    await verifier.app.get(RemoteTokens).onApplicationShutdown();
    await flushTokenUsage(server);

    const { body: usage } = await server.client.tokenUsage(token.id, asAdmin);
    expect(usage.days.map(({ uses }) => uses)).toEqual([3]);
    const explanations = await Promise.all(
      traceIds.map((id) =>
        server.client.request<ExplanationDto>('GET', `/explanations/${id}`, { headers: asAdmin }),
      ),
    );
    expect(explanations.map(({ body: { cause, method, route } }) => [cause, method, route])).toEqual(
      rejected.map(([cause]) => [cause, 'GET', '/auth/verify']),
    );
    const details = explanations
      .filter(({ body: { cause } }) => cause === 'step_up_required' || cause === 'invalid_query')
      .map(({ body: { steps } }) => steps.find(({ result }) => result === 'failed')?.detail);
    expect(details).toEqual([
      'API tokens prove no login. Log in, and use the token of the session.',
      'The session was not proved with passkey. Send POST /auth/step-up with it, or log in with it, and repeat the request.',
      'Unknown parameter q. Use permission, role, api, fresh or method.',
    ]);
  });
});

/** Returns a token that the server no longer knows. */
async function deleted(): Promise<UserTokenDto> {
  const name = `gone-${Date.now()}`;
  await server.client.createUser({ name, kind: 'service' }, asAdmin);
  const { body: token } = await server.client.createUserToken(name, asAdmin, {});
  await server.client.deleteUser(name, asAdmin);
  return token;
}
