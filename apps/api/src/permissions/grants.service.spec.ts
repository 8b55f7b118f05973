import { type Config } from '../platform/config/config.js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { GrantsReader } from './grants.service.js';
import { toScope } from './scope.js';
import { PermissionRegistry } from './permission-registry.service.js';

let registry: PermissionRegistry;
let reader: GrantsReader;

beforeEach(() => {
  registry = new PermissionRegistry();
  reader = new GrantsReader(registry, { secondFactor: 'optional' } as Config);
});

const permissionsOf = (text: string | null) => [...reader.read(text).permissions].sort();

describe('GrantsReader', () => {
  it.each([null, ''])('returns no grants for %j', (text) => {
    expect(reader.read(text)).toEqual({
      roles: [],
      permissions: new Set(),
      apiPermissions: new Set(),
      unknownPermissions: [],
      requiresSecondFactor: false,
    });
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
      apiPermissions: new Set(),
      unknownPermissions: [],
      requiresSecondFactor: false,
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
      'apis:read',
      'audit:read',
      'events:read',
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

  it.each([
    ['users:read', ['users:read', '*', '*:read']],
    ['users:write', ['users:write', '*']],
    ['orders:read', ['+orders:read']],
    ['users:gone', []],
  ])('grants %s by the words %j', (permission, words) => {
    const all = ['users:read', 'users:write', 'users:gone', '*', '*:read', 'orders:read'];
    const granting = [...all, ...all.map((word) => `+${word}`)].filter((word) =>
      reader.read(`role ${word}`).permissions.has(permission),
    );

    expect(reader.wordsGranting(permission).sort()).toEqual(words.sort());
    expect(granting.sort()).toEqual(words.sort());
  });

  it('returns permissions of APIs, which * does not expand to', () => {
    const { permissions, apiPermissions } = reader.read('clerk +orders:read users:read,admin *');

    expect([...permissions].filter((name) => !registry.has(name))).toEqual(['orders:read']);
    expect(apiPermissions).toEqual(new Set(['orders:read']));
  });

  it.each([
    ['users:read', [], ['users:read']],
    ['@writer users:read', ['writer'], ['users:read']],
    ['%writer * @writer', ['writer'], ['users:read', 'users:write']],
    ['%writer orders:read users:write', [], ['users:write']],
    ['@* orders:read', ['clerk', 'writer'], ['orders:read']],
    ['', [], []],
    ['% *', [], []],
  ])('limits grants by the scope %j', (scope, roles, permissions) => {
    const grants = reader.read('writer users:write users:read,clerk +orders:read', scope);

    expect(grants.roles).toEqual(roles);
    expect([...grants.permissions].sort()).toEqual(permissions);
    expect(grants.apiPermissions).toEqual(new Set(permissions.filter((name) => name.startsWith('orders:'))));
  });

  it('returns the same object for the same text', () => {
    expect(reader.read('admin *')).toBe(reader.read('admin *'));
    expect(reader.read('admin *')).not.toBe(reader.read('auditor *:read'));
  });

  it.each([
    ['optional', 'reader users:read', false],
    ['optional', 'reader ! users:read,writer ', true],
    ['optional', 'admin *', false],
    ['administrators', 'admin *', true],
    ['administrators', 'reader users:read', false],
    ['all', 'reader users:read', true],
    ['all', null, true],
  ] as const)(
    'with the policy %s, states for %j whether a second factor is required: %s',
    (policy, text, is) => {
      const strict = new GrantsReader(registry, { secondFactor: policy } as Config);

      expect(strict.read(text).requiresSecondFactor).toBe(is);
      expect(strict.read(text, toScope({ permissions: [], roles: [] })).requiresSecondFactor).toBe(is);
      expect(strict.read(text).permissions).not.toContain('!');
      expect(strict.read(text).unknownPermissions).toEqual([]);
    },
  );
});
