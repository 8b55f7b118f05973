import { describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

const get = (path: string) => server.client.request<ProblemDto>('GET', path, { headers: asAdmin });

describe.each(['/users', '/me/tokens'])('the parameters of %s', (path) => {
  it('return 400 that names a parameter that is sent twice', async () => {
    const { status, body } = await get(`${path}?page=1&q=a&q=b&q=c&size=10&size=20`);

    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toEqual([
      { pointer: '/q', code: 'duplicate_member', message: 'q is sent 3 times; send it once' },
      { pointer: '/size', code: 'duplicate_member', message: 'size is sent twice; send it once' },
    ]);
  });

  it.each([
    'limit=5',
    'Page=1',
    'page[]=1',
    'q[$ne]=x',
    'q.x=1',
    'limit=5&limit=6',
    '__proto__=1',
    'constructor=1',
    'toString=1',
    'x',
  ])('return 400 with the allowed parameters for an unknown one: %s', async (query) => {
    const { status, body } = await get(`${path}?${query}`);

    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.detail).toMatch(/^Known parameters: .*page, .*q, .*size, sort/);
  });
});

describe.each(['/me/tokens', '/users/admin/tokens'])('the parameters of %s', (path) => {
  it('return 400 for a second user', async () => {
    const { status, body } = await get(`${path}?user=admin`);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', '/user']);
  });
});

// Covers B19 in docs/explanation/security.md.
describe('the parameters of GET /users', () => {
  it('return 400 with all allowed parameters for an unknown one', async () => {
    const { body } = await get('/users?nonsense=1');

    expect(body.detail).toBe(
      'Known parameters: copiedPasskey, createdFrom, createdTo, enabled, inactiveDays, kind, lastLoginFrom, lastLoginTo, neverLoggedIn, page, permission, q, role, secondFactor, size, sort.',
    );
    expect(body.errors).toEqual([
      { pointer: '/nonsense', code: 'unknown_member', message: 'there is no member nonsense' },
    ]);
  });

  it('return 400 with all errors', async () => {
    const { body } = await get('/users?page=0&size=0&kind=robot');

    expect(body.errors?.map(({ pointer }) => pointer).sort()).toEqual(
      expect.arrayContaining(['/kind', '/page', '/size']),
    );
  });
});

describe('a parameter on a route that takes none', () => {
  it('returns 400', async () => {
    const { status, body } = await server.client.request<object>('GET', '/me?x=1', { headers: asAdmin });

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_parameter' });
  });
});
