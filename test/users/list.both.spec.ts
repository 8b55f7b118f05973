import { beforeAll, describe, expect, it } from '@jest/globals';
import { USER_SORT_FIELDS, type CreateUserDto, type UserDto } from '@latchkey/auth-models';
import { PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const DAY = 86_400_000;

const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString();

const USERS: CreateUserDto[] = [
  { name: 'anne', displayName: 'Ünal Ärger', email: 'anne@example.org', password: PASSWORD },
  { name: 'bert', displayName: '100%_sure\\', roles: ['auditor'] },
  { name: 'carl', displayName: 'zoe', enabled: false, email: 'carl@example.org' },
  { name: 'анна', displayName: 'ПЁТР' },
  { name: 'robot', kind: 'service', roles: [] },
];

const server = useServer();
const asAdmin = useAdmin(server);

beforeAll(async () => {
  for (const user of USERS) {
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
  }
  await server.client.login('anne', PASSWORD);
  await server.client.login('anne', PASSWORD);
  await server.database.execute(
    `UPDATE "users" SET "lastLoginTime" = ${Date.now() - 10 * DAY - 1_000} WHERE "name" = 'anne'`,
    `UPDATE "users" SET "creationTime" = ${Date.now() - 20 * DAY - 1_000} WHERE "name" IN ('anne', 'robot')`,
  );
});

const list = (query = '') => server.client.users(asAdmin, query);
const names = async (query: string) => {
  const { status, body } = await list(query);
  expect([query, status]).toEqual([query, 200]);
  return body.items.map(({ name }) => name);
};

describe('GET /users', () => {
  it('returns the documented members, without absent ones', async () => {
    const { body } = await list('?q=anne');

    expect(body.items).toEqual([
      {
        id: body.items[0]?.id,
        name: 'anne',
        displayName: 'Ünal Ärger',
        email: 'anne@example.org',
        kind: 'human',
        roles: ['user'],
        enabled: true,
        creationTime: body.items[0]?.creationTime,
        lastLoginTime: body.items[0]?.lastLoginTime,
        tokenCount: 2,
        version: 0,
      },
    ]);
    expect((await list('?q=robot')).body.items[0]).not.toHaveProperty('lastLoginTime');
  });

  it('returns no hash, password or secret', async () => {
    const { text } = await list('?size=200');

    expect(text).not.toMatch(/argon2|password|digest|latchkey_|setUp/i);
  });

  it.each([
    ['part of a name', 'NN', ['anne']],
    ['a display name in lower case beyond ASCII', 'ünal ä', ['anne']],
    ['a display name in upper case beyond ASCII', 'ÄRGER', ['anne']],
    ['a display name in Cyrillic', 'пётр', ['анна']],
    ['an e-mail address', 'CARL@EX', ['carl']],
    ['a percent sign, an underscore and a backslash as they are', '%_SURE\\', ['bert']],
    ['only a percent sign', '%', ['bert']],
    ['only an underscore', '_', ['bert']],
    ['SQL', "' OR 1=1 --", []],
    ['nothing', '', ['admin', 'anne', 'bert', 'carl', 'robot', 'анна']],
  ])('searches for %s', async (_, q, expected) => {
    expect(await names(`?q=${encodeURIComponent(q)}`)).toEqual(expected);
  });

  it.each([
    ['kind=service', ['robot']],
    ['kind=human', ['admin', 'anne', 'bert', 'carl', 'анна']],
    ['enabled=false', ['carl']],
    ['enabled=true', ['admin', 'anne', 'bert', 'robot', 'анна']],
    ['role=auditor', ['bert']],
    ['role=user', ['anne', 'carl', 'анна']],
    ['role=auditor,admin,nobody-holds-it', ['admin', 'bert']],
    ['role=user,auditor&enabled=true', ['anne', 'bert', 'анна']],
    ['permission=users:read', ['admin', 'bert']],
    ['permission=users:write', ['admin']],
    ['permission=users:read&role=auditor,user', ['bert']],
    ['permission=users:gone', []],
    ['permission=gone:read', []],
    ['role=nobody-holds-it', []],
    ['neverLoggedIn=false', ['admin', 'anne']],
    ['neverLoggedIn=true', ['bert', 'carl', 'robot', 'анна']],
    ['inactiveDays=10', ['anne', 'robot']],
    // A user without a login has been inactive since its creation.
    ['inactiveDays=20', ['robot']],
    ['inactiveDays=21', []],
    ['inactiveDays=1&neverLoggedIn=false', ['anne']],
    [`createdTo=${daysAgo(19)}`, ['anne', 'robot']],
    [`createdFrom=${daysAgo(19)}&createdTo=2999-01-01T00:00:00Z`, ['admin', 'bert', 'carl', 'анна']],
    [`lastLoginFrom=${daysAgo(11)}&lastLoginTo=${daysAgo(9)}`, ['anne']],
    ['role=user&enabled=true&q=example', ['anne']],
  ])('filters by %s, and counts the matches', async (filter, expected) => {
    const { body } = await list(`?${filter}`);

    expect(body.items.map(({ name }) => name)).toEqual(expected);
    expect(body.total).toBe(expected.length);
  });

  it.each([
    [`role=${Array.from({ length: 21 }, (_, index) => `role-${index}`).join()}`, 'up to 20 role names'],
    ['role=', 'up to 20 role names'],
    ['role=user,', 'up to 20 role names'],
    ['role=user&role=admin', 'role is sent twice'],
    ['permission=users', 'api:action'],
    ['permission=users:read,users:write', 'api:action'],
  ])('rejects %s', async (filter, message) => {
    const { status, text } = await list(`?${filter}`);

    expect([status, text]).toEqual([400, expect.stringContaining(message)]);
  });

  it.each(USER_SORT_FIELDS.flatMap((field) => [field, `-${field}`]))('sorts by %s', async (sort) => {
    const { body } = await list(`?sort=${sort}`);

    const field = sort.replace('-', '') as keyof UserDto;
    const values = body.items.map((user) => user[field]).filter((value) => value !== undefined);
    const ascending = [...values].sort(byCodePoints);
    expect(values).toEqual(sort.startsWith('-') ? ascending.reverse() : ascending);
    expect(body.items).toHaveLength(6);
  });

  it.each([
    ['lastLoginTime', -1],
    ['-lastLoginTime', 0],
    ['email', -1],
    ['-email', 0],
  ])('sorts absent values as the smallest: %s', async (sort, index) => {
    const { body } = await list(`?sort=${sort}`);

    const field = sort.replace('-', '') as keyof UserDto;
    expect(body.items.at(index)).toHaveProperty(field);
    expect(body.items.at(index === 0 ? -1 : 0)).not.toHaveProperty(field);
  });

  it('sorts by the number of valid tokens, in pages and exports', async () => {
    expect((await names('?sort=-tokenCount')).slice(0, 2)).toEqual(['anne', 'admin']);
    expect(await names('?sort=-tokenCount,-name&size=2&page=2')).toEqual(['анна', 'robot']);
    expect(await names('?sort=tokenCount,name&enabled=true&size=1')).toEqual(['bert']);
    const { text } = await server.client.users({ ...asAdmin, Accept: 'text/csv' }, '?sort=-tokenCount&q=ann');

    expect(
      text
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[1]),
    ).toEqual(['anne']);
  });

  it('sorts by several fields', async () => {
    expect(await names('?sort=-enabled,-name')).toEqual(['анна', 'robot', 'bert', 'anne', 'admin', 'carl']);
  });
});

describe('GET /users in pages', () => {
  it('returns each user once, with total and links', async () => {
    const pages = [];
    let next: string | undefined = '/users?size=4&sort=-kind';
    while (next) {
      const { body, headers } = await server.client.users(asAdmin, next.replace('/users', ''));
      pages.push(body);
      next = linkOf(headers, 'next');
    }

    expect(pages.map(({ page, size, total, items }) => [page, size, total, items.length])).toEqual([
      [1, 4, 6, 4],
      [2, 4, 6, 2],
    ]);
    expect(new Set(pages.flatMap(({ items }) => items.map(({ id }) => id))).size).toBe(6);
  });
});

function byCodePoints(a: string | number | boolean | string[], b: typeof a): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function linkOf(headers: globalThis.Headers, rel: string): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec(headers.get('link') ?? '')?.[1];
}
