import { describe, expect, it } from '@jest/globals';
import { type IntrospectionResponseDto, type ProblemDto, type RoleDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { ROUTES, routesWith } from '../routes.js';
import { TestServer } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

const send = <Body>(method: string, path: string, headers: Headers, body?: object) =>
  server.client.request<Body & ProblemDto>(method, path, { headers, body });
const answer = async (response: Promise<{ status: number; body: ProblemDto }>) => {
  const { status, body } = await response;
  return [status, body?.code];
};
const createRole = async (changes: object) => {
  const { body } = await send<RoleDto>('POST', '/roles', asAdmin, newRole(changes));
  return body;
};

/** Creates a user with a role that requires a second factor. */
async function newPerson(roles?: string[]): Promise<{ name: string; headers: Headers }> {
  const { name } = newUser();
  const strict = roles ?? [
    (await createRole({ requiresSecondFactor: true, permissions: ['users:read'] })).name,
  ];
  await server.client.createUser({ name, password: PASSWORD, roles: strict }, asAdmin);
  return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
}

describe('a session of a user whose role requires a second factor', () => {
  it.each(
    [...ROUTES].filter(([, { access, scheme }]) => access !== 'public' && !scheme).map(([route]) => route),
  )('can only add one: %s', async (route) => {
    const { headers } = await newPerson();
    const [method = '', path = ''] = route.split(' ');

    const [status, code] = await answer(send(method, path.replace(/\{\w+\}/, 'nobody'), headers, {}));

    const isRejected = status === 403 && (code === 'enrolment_required' || method === 'HEAD');
    const lacksPermission = status === 403 && code === 'forbidden';
    expect(isRejected || lacksPermission || path === '/auth/verify').toBe(!entryAllows(route));
  });

  it('works once its user has added a second factor', async () => {
    const { headers } = await newPerson();
    expect(await answer(send('GET', '/users', headers))).toEqual([403, 'enrolment_required']);
    expect((await send('GET', '/auth/verify', headers)).headers.get('x-auth-error')).toBe(
      'enrolment_required',
    );

    await enrol(server.client, headers);

    expect((await send('GET', '/users', headers)).status).toBe(200);
    expect((await send('GET', '/auth/verify', headers)).status).toBe(200);
  });

  it('cannot remove the last one', async () => {
    const { headers } = await newPerson();
    const first = await enrol(server.client, headers);
    const remove = () => answer(send('DELETE', `/me/second-factors/${first.id}`, headers));
    expect(await remove()).toEqual([409, 'conflict']);

    await enrol(server.client, headers);

    expect(await remove()).toEqual([204, undefined]);
  });

  it('is inactive for services', async () => {
    const { name } = await newPerson();
    const { body } = await server.client.login(name, PASSWORD);
    const introspect = async () =>
      (
        await server.client.request<IntrospectionResponseDto>('POST', '/auth/introspect', {
          headers: asAdmin,
          body: new URLSearchParams({ token: body.token ?? '', explain: 'true' }),
        })
      ).body;

    expect(await introspect()).toMatchObject({ active: false, reason: 'enrolment_required' });
    // Cached the second time.
    expect(await introspect()).toMatchObject({ active: false, reason: 'enrolment_required' });
  });

  it('needs a step-up if its user has added one in another session', async () => {
    const { name, headers } = await newPerson();
    const other = await server.client.loginHeaders(name, PASSWORD);
    const authenticator = await enrol(server.client, headers);

    expect(await answer(send('GET', '/users', other))).toEqual([403, 'enrolment_required']);
    await send('POST', '/auth/step-up', { ...other, 'X-Auth-OTP': authenticator.code() });
    expect((await send('GET', '/users', other)).status).toBe(200);
  });
});

describe('requiresSecondFactor of a role', () => {
  it('takes effect at the next request of its holders, and does not concern API tokens', async () => {
    const role = await createRole({ permissions: ['users:read'] });
    const { headers } = await newPerson([role.name]);
    const { body } = await server.client.createMyToken(headers, {});
    const token = { 'X-Auth-Token': Buffer.from(`${body.user}:${body.token}`).toString('base64') };
    expect((await send('GET', '/users', headers)).status).toBe(200);
    const change = (requiresSecondFactor: boolean) =>
      send<RoleDto>(
        'PATCH',
        `/roles/${role.name}`,
        { ...asAdmin, 'If-Match': '*' },
        { requiresSecondFactor },
      );

    const { status, body: changed } = await change(true);

    expect([status, changed.requiresSecondFactor]).toEqual([200, true]);
    expect(await answer(send('GET', '/users', headers))).toEqual([403, 'enrolment_required']);
    expect((await send('GET', '/users', token)).status).toBe(200);
    await change(false);
    expect((await send('GET', '/users', headers)).status).toBe(200);
  });

  it('also concerns limited sessions', async () => {
    const { name } = await newPerson();
    const { body } = await server.client.login(name, PASSWORD, {
      body: { permissions: ['users:read'], roles: [] },
    });
    const limited = { 'X-Auth-Token': Buffer.from(`${name}:${body.token}`).toString('base64') };

    expect(await answer(send('GET', '/users', limited))).toEqual([403, 'enrolment_required']);
  });
});

describe('GET /users?secondFactor=', () => {
  it('lists the users with or without one', async () => {
    const { name, headers } = await newPerson(['auditor']);
    const names = async (secondFactor: boolean) => {
      const path = `/users?role=auditor&q=${name}&secondFactor=${secondFactor}`;
      return (await send<{ items: { name: string }[] }>('GET', path, asAdmin)).body.items.map(
        (user) => user.name,
      );
    };
    // It has no effect until a code confirms it.
    await send('POST', '/me/second-factors/totp', headers);
    expect([await names(true), await names(false)]).toEqual([[], [name]]);

    await enrol(server.client, headers);

    expect([await names(true), await names(false)]).toEqual([[name], []]);
  });
});

describe('LATCHKEY_SECOND_FACTOR', () => {
  it.each([
    ['optional', 200, 200],
    ['administrators', 403, 200],
    ['all', 403, 403],
  ])('%s: without one, an administrator gets %i and another user %i', async (policy, ofAdmin, ofOther) => {
    const strict = await TestServer.start({ environment: { LATCHKEY_SECOND_FACTOR: policy } });
    const statusOf = async (headers: Headers) =>
      (await strict.client.request('GET', '/me/tokens', { headers })).status;
    try {
      const admin = await strict.client.loginHeaders(ADMIN.name, ADMIN.password);
      expect(await statusOf(admin)).toBe(ofAdmin);
      expect((await enrol(strict.client, admin)).recoveryCodes).toHaveLength(10);
      expect(await statusOf(admin)).toBe(200);

      const { name } = newUser();
      await strict.client.createUser({ name, password: PASSWORD }, admin);
      const other = await strict.client.loginHeaders(name, PASSWORD);
      expect(await statusOf(other)).toBe(ofOther);
      await enrol(strict.client, other);
      expect(await statusOf(other)).toBe(200);
    } finally {
      await strict.remove();
    }
  });
});

function entryAllows(route: string): boolean {
  return routesWith(({ enrolment }) => enrolment).includes(route);
}
