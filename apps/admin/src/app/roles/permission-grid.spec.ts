import { permissionTable } from './permission-grid';

const table = (...names: string[]) => permissionTable(names.map((name) => ({ name, description: '' })));

describe('permissionTable', () => {
  it('lists read and write first, then the actions of modules', () => {
    expect(table('a:export', 'a:read', 'b:introspect', 'b:write').actions).toEqual([
      'read',
      'write',
      'export',
      'introspect',
    ]);
  });

  it('has a row per resource, with a gap for a missing permission', () => {
    const { rows } = table('audit:read', 'users:read', 'users:write');

    expect(rows.map(({ resource, cells }) => [resource, ...cells.map((cell) => cell?.name)])).toEqual([
      ['audit', 'audit:read', undefined],
      ['users', 'users:read', 'users:write'],
    ]);
  });
});
