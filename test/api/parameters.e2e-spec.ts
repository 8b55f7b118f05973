import { describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

const get = (path: string) => server.client.request<ProblemDto>('GET', path, { headers: asAdmin });

describe.each(['/users', '/me/tokens'])('the parameters of %s', (path) => {
  it.each([
    'page=1',
    'page=1000000',
    'size=1',
    'size=200',
    'q=',
    'q=%F0%9F%90%8E',
    `q=${'x'.repeat(200)}`,
    'sort=-creationTime,kind',
  ])('accept %s', async (query) => {
    expect((await get(`${path}?${query}`)).status).toBe(200);
  });

  it.each([
    ['page', 'page=0'],
    ['page', 'page=-1'],
    ['page', 'page=1.5'],
    ['page', 'page=1e3'],
    ['page', 'page=0x1'],
    ['page', 'page=1000001'],
    ['page', 'page=99999999999999999999'],
    ['page', 'page='],
    ['page', 'page=%20%201'],
    ['page', 'page=NaN'],
    ['page', 'page=1&page=2'],
    ['size', 'size=0'],
    ['size', 'size=201'],
    ['size', 'size=all'],
    ['size', 'size=10&size=20'],
    ['sort', 'sort='],
    ['sort', 'sort=passwordHash'],
    ['sort', 'sort=digest'],
    ['sort', 'sort=creationTime,creationTime'],
    ['sort', 'sort=creationTime,-creationTime'],
    ['sort', 'sort=--creationTime'],
    ['sort', 'sort=%2BcreationTime'],
    ['sort', 'sort=creationTime%20desc'],
    ['sort', 'sort=creationTime;DROP%20TABLE%20users'],
    ['sort', 'sort=constructor'],
    ['sort', 'sort=kind&sort=kind'],
    ['q', 'q=a&q=b'],
    ['q', `q=${'x'.repeat(201)}`],
    ['q', 'q=a%0Ab'],
    ['q', 'q=%ff'],
    ['q', 'q=%'],
    ['q', 'q=%ed%a0%80'],
    ['sort', 'sort=%ff'],
  ])('return 400 that names the parameter: %s (%s)', async (name, query) => {
    const { status, body } = await get(`${path}?${query}`);

    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining([`/${name}`]));
  });

  it.each(['q=%00', 'q=a%00b'])('return 400 for NUL: %s', async (query) => {
    expect((await get(`${path}?${query}`)).status).toBe(400);
  });

  it.each([
    'limit=5',
    'Page=1',
    'page[]=1',
    'q[$ne]=x',
    'q.x=1',
    '__proto__=1',
    'constructor=1',
    'toString=1',
    'x',
  ])('return 400 with the allowed parameters for an unknown one: %s', async (query) => {
    const { status, body } = await get(`${path}?${query}`);

    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.detail).toMatch(/^The parameters here are .*page, q, .*size, sort/);
  });
});

describe.each(['/me/tokens', '/users/admin/tokens'])('the parameters of %s', (path) => {
  it('return 400 for a second user', async () => {
    const { status, body } = await get(`${path}?user=admin`);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', '/user']);
  });
});

// Requirement B19.
describe('the parameters of GET /users', () => {
  it.each([
    ['kind', 'kind=robot'],
    ['kind', 'kind='],
    ['kind', 'kind=human&kind=service'],
    ['enabled', 'enabled=yes'],
    ['enabled', 'enabled=1'],
    ['enabled', 'enabled='],
    ['enabled', 'enabled=true&enabled=false'],
    ['neverLoggedIn', 'neverLoggedIn=TRUE'],
    ['inactiveDays', 'inactiveDays=0'],
    ['inactiveDays', 'inactiveDays=36501'],
    ['inactiveDays', 'inactiveDays=soon'],
    ['role', 'role='],
    ['role', 'role=Admin'],
    ['role', "role=a'%20OR%20'1'='1"],
    ['role', 'role=admin&role=user'],
    ['sort', 'sort=id'],
    ['sort', 'sort=version'],
    ['sort', 'sort=roles'],
  ])('return 400 that names the parameter: %s (%s)', async (name, query) => {
    const { status, body } = await get(`/users?${query}`);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', `/${name}`]);
  });

  it('return 400 with all allowed parameters for an unknown one', async () => {
    const { body } = await get('/users?nonsense=1');

    expect(body.detail).toBe(
      'The parameters here are enabled, inactiveDays, kind, neverLoggedIn, page, q, role, size, sort.',
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
