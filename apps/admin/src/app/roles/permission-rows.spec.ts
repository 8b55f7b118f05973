import { permissionTable } from './permission-rows';

const table = (...names: string[]) => permissionTable(names.map((name) => ({ name, description: '' })));

describe('permissionTable', () => {
  it('has reading and writing first, then what modules add', () => {
    expect(table('a:export', 'a:read', 'b:introspect', 'b:write').actions).toEqual([
      'read',
      'write',
      'export',
      'introspect',
    ]);
  });

  it('has a row a resource, with a gap where there is no permission', () => {
    const { rows } = table('audit:read', 'users:read', 'users:write');

    expect(rows.map(({ resource, cells }) => [resource, ...cells.map((cell) => cell?.name)])).toEqual([
      ['audit', 'audit:read', undefined],
      ['users', 'users:read', 'users:write'],
    ]);
  });
});
