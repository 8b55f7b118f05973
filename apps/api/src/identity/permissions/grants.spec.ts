import { beforeEach, describe, expect, it } from '@jest/globals';
import { GrantsReader } from './grants.js';
import { PermissionRegistry } from './permission-registry.js';

let registry: PermissionRegistry;
let reader: GrantsReader;

beforeEach(() => {
  registry = new PermissionRegistry();
  reader = new GrantsReader(registry);
});

const permissionsOf = (text: string | null) => [...reader.read(text).permissions].sort();

describe('GrantsReader', () => {
  it.each([null, ''])('returns no grants for %j', (text) => {
    expect(reader.read(text)).toEqual({ roles: [], permissions: new Set(), unknownPermissions: [] });
  });

  it('returns sorted roles and their permissions', () => {
    const { roles, permissions } = reader.read('writer users:write users:read,reader tokens:read users:read');

    expect(roles).toEqual(['reader', 'writer']);
    expect(permissions).toEqual(new Set(['users:write', 'users:read', 'tokens:read']));
  });

  it('returns a role without permissions', () => {
    expect(reader.read('user ')).toEqual({
      roles: ['user'],
      permissions: new Set(),
      unknownPermissions: [],
    });
    expect(reader.read('user ,staff ').roles).toEqual(['staff', 'user']);
  });

  it('expands * to every permission, those of feature modules too', () => {
    registry.register([{ name: 'reports:read', description: 'Read reports.' }]);

    expect(permissionsOf('admin *')).toEqual(registry.names());
    expect(permissionsOf('admin *')).toContain('reports:read');
  });

  it('expands *:read to every permission that ends in :read', () => {
    registry.register([{ name: 'reports:read-all', description: 'Read all reports.' }]);

    expect(permissionsOf('auditor *:read')).toEqual([
      'audit:read',
      'metrics:read',
      'roles:read',
      'settings:read',
      'stats:read',
      'tokens:read',
      'users:read',
    ]);
  });

  it.each(['gone:read', '*:write', '**', 'users:*', 'users', '__proto__'])(
    'grants nothing for %s, and returns it as unknown',
    (pattern) => {
      expect(permissionsOf(`role ${pattern}`)).toEqual([]);
      expect(reader.read(`role ${pattern},user `).unknownPermissions).toEqual([pattern]);
    },
  );

  it('returns the same object for the same text', () => {
    expect(reader.read('admin *')).toBe(reader.read('admin *'));
    expect(reader.read('admin *')).not.toBe(reader.read('auditor *:read'));
  });
});
