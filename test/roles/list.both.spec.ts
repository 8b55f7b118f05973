import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROLE_SORT_FIELDS, type RoleDto } from '@latchkey/auth-models';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createHolder, createRole } = useRoles(server, asAdmin);

beforeAll(async () => {
  await createRole({
    name: 'editor',
    description: '=1+1 Übersicht',
    permissions: ['users:read', 'roles:read'],
  });
  await createRole({ name: 'zebra', description: 'all of them' });
  await createHolder('editor', 'zebra');
  await createHolder('editor');
});

const list = (query = '') => server.client.roles(asAdmin, query);
const names = async (query: string) => (await list(query)).body.items.map(({ name }) => name);

const as = (type: string, query = '') => server.client.roles({ ...asAdmin, Accept: type }, query);

describe('GET /roles', () => {
  it('returns the roles by name, with the number of holders', async () => {
    const { status, body } = await list();

    expect([status, body.page, body.size, body.total]).toEqual([200, 1, 25, 5]);
    expect(body.items.map(({ name, userCount }) => [name, userCount])).toEqual([
      ['admin', 1],
      ['auditor', 0],
      ['editor', 2],
      ['user', 0],
      ['zebra', 1],
    ]);
    expect(body.items[2]).toEqual((await server.client.role('editor', asAdmin)).body);
  });

  it.each([
    ['part of a name', 'DIT', ['auditor', 'editor']],
    ['part of a description', 'übersicht', ['editor']],
    ['a percent sign as it is', '%', []],
    ['SQL', "' OR 1=1 --", []],
    ['nothing', '', ['admin', 'auditor', 'editor', 'user', 'zebra']],
  ])('searches for %s', async (_, q, expected) => {
    expect(await names(`?q=${encodeURIComponent(q)}`)).toEqual(expected);
  });

  it.each([
    ['users:read', ['admin', 'auditor', 'editor']],
    ['users:write', ['admin']],
    ['users:rea', []],
    ['orders:read', []],
  ])('finds the roles that grant %s', async (permission, expected) => {
    const { body } = await list(`?permission=${permission}`);

    expect([body.items.map(({ name }) => name), body.total]).toEqual([expected, expected.length]);
  });

  it('filters by the time of creation', async () => {
    const { creationTime } = (await server.client.role('zebra', asAdmin)).body;

    expect(await names(`?createdFrom=${creationTime}&q=zebra`)).toEqual(['zebra']);
    expect(await names(`?createdTo=${creationTime}&q=zebra`)).toEqual([]);
  });

  it.each(ROLE_SORT_FIELDS.flatMap((field) => [field, `-${field}`]))('sorts by %s', async (sort) => {
    const { body } = await list(`?sort=${sort}`);

    const values = body.items.map((role) => role[sort.replace('-', '') as keyof RoleDto] ?? '');
    const ascending = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(values).toEqual(sort.startsWith('-') ? ascending.reverse() : ascending);
    expect(values).toHaveLength(5);
  });

  it('sorts by the number of holders, also in an export', async () => {
    const { text } = await as('application/x-ndjson', '?sort=-userCount,-name');

    expect(await names('?sort=-userCount,-name')).toEqual(['editor', 'zebra', 'admin', 'user', 'auditor']);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as RoleDto).name),
    ).toEqual(['editor', 'zebra', 'admin', 'user', 'auditor']);
  });

  it('streams matching roles as CSV, with escaped formulas and joined permissions', async () => {
    const { status, headers, text } = await as('text/csv', '?q=e&sort=-name');

    const [head, ...rows] = text.trimEnd().split('\r\n');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expect(head).toBe(
      'name,description,permissions,isBuiltIn,requiresSecondFactor,userCount,creationTime,version',
    );
    expect(rows.map((row) => row.split(',', 1)[0])).toEqual(['zebra', 'user', 'editor', 'auditor', 'admin']);
    expect(rows[2]).toMatch(/^editor,'=1\+1 Übersicht,roles:read users:read,false,false,2,.*Z,0$/);
  });

  it('streams all roles as JSON lines', async () => {
    const { text } = await as('application/x-ndjson');

    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RoleDto);
    expect(rows).toEqual((await list()).body.items);
  });

  it('returns 400 for a page of a stream', async () => {
    expect((await as('text/csv', '?page=1')).status).toBe(400);
  });
});

describe('GET /roles with many roles', () => {
  const COUNT = 1_100;

  beforeAll(async () => {
    const rows = Array.from({ length: COUNT }, (_, index) => `('many-${index}', '', '', 0)`);
    await server.database.execute(
      `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ${rows.join()}`,
    );
  });

  it.each(['', '&sort=-name', '&sort=-isBuiltIn,description', '&sort=creationTime'])(
    'streams each role once, in the order of the pages: %s',
    async (sort) => {
      const { text } = await as('text/csv', `?q=many-${sort}`);

      const streamed = text
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',', 1)[0]);
      expect(new Set(streamed).size).toBe(COUNT);
      expect(streamed.slice(400, 600)).toEqual(await names(`?q=many-&size=200&page=3${sort}`));
    },
  );
});
