import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const user = newUser();

beforeAll(async () => {
  expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
});

const refusal = async (method: string, path: string, body?: object) => {
  const answer = await server.client.request<ProblemDto>(method, path, { headers: asAdmin, body });
  return {
    status: answer.status,
    detail: answer.body.detail,
    errors: (answer.body.errors ?? []).map(({ pointer, code, message }) => [pointer, code, message]),
  };
};

describe('the errors of a rejected body', () => {
  it.each<[string, string, object, string[][]]>([
    [
      'POST',
      '/auth/set-up',
      {},
      [
        ['/password', 'missing', 'password is missing'],
        ['/secret', 'missing', 'secret is missing'],
      ],
    ],
    ['POST', '/users/bulk', { action: 'disable' }, [['/ids', 'missing', 'send ids or filter']]],
    [
      'POST',
      '/users',
      { name: 'x', roles: 'user', enabled: 'yes' },
      [
        ['/enabled', 'is_boolean', 'enabled must be true or false'],
        ['/roles', 'is_array', 'roles must be a list'],
      ],
    ],
    ['PATCH', '/me', { version: '1' }, [['/version', 'is_int', 'version must be a whole number']]],
    [
      'POST',
      '/users/bulk',
      { action: 'enable', filter: { enabled: 'no' } },
      [['/filter/enabled', 'is_boolean', 'enabled must be true or false']],
    ],
    [
      'POST',
      '/users/bulk',
      { action: 'enable', filter: ['x'] },
      [['/filter', 'is_object', 'filter must be an object']],
    ],
  ])('have one sentence for each member: %s %s %j', async (method, path, body, errors) => {
    const answer = await refusal(method, path, body);

    expect([answer.status, answer.errors.sort()]).toEqual([422, errors]);
  });

  it('list the allowed members for an unknown one', async () => {
    expect(await refusal('PATCH', '/me', { nickname: 'x' })).toMatchObject({
      status: 422,
      detail: 'The members here are displayName, email, version.',
      errors: [['/nickname', 'unknown_member', 'there is no member nickname']],
    });
    expect(await refusal('POST', '/users/bulk', { action: 'enable', filter: { page: 1 } })).toMatchObject({
      detail: 'The members of /filter are enabled, inactiveDays, kind, neverLoggedIn, q, role.',
      errors: [['/filter/page', 'unknown_member', 'there is no member page']],
    });
  });

  it('name the route that changes a password', async () => {
    const members = { version: 0, password: 'correct horse battery staple' };

    expect(await refusal('PATCH', `/users/${user.name}`, members)).toMatchObject({
      status: 422,
      errors: [['/password', 'changed_elsewhere', 'set a password with PUT /users/{name}/password']],
    });
    expect((await refusal('PATCH', '/me', members)).errors[0]?.[2]).toContain('PUT /me/password');
  });

  it.each(['short', 'short but not so'.slice(0, 10)])(
    'state the minimum length of this server at once: %s',
    async (password) => {
      const { status, errors } = await refusal('PUT', `/users/${user.name}/password`, { password });

      expect([status, errors.length]).toEqual([422, 1]);
      expect(errors[0]?.[2]).toMatch(/^password must have (15 to 256 printable|at least 15) characters$/);
    },
  );
});

describe('the errors of a rejected parameter', () => {
  it.each([
    ['page=99999999999999999999', ['/page', 'max', 'page must not be greater than 1000000']],
    ['page=-1', ['/page', 'min', 'page must not be less than 1']],
    ['page=two', ['/page', 'is_int', 'page must be a whole number']],
    ['enabled=yes', ['/enabled', 'is_boolean', 'enabled must be true or false']],
  ])('have one sentence: %s', async (query, error) => {
    const { status, errors } = await refusal('GET', `/users?${query}`);

    expect([status, errors]).toEqual([400, [error]]);
  });
});
