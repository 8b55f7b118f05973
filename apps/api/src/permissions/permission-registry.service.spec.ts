import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_PERMISSIONS } from '@latchkey/auth-models';
import { PermissionRegistry } from './permission-registry.service.js';

const REPORTS = { name: 'reports:read', description: 'Read reports.' };

describe('PermissionRegistry', () => {
  it('contains the permissions of the server, sorted', () => {
    expect(new PermissionRegistry().names()).toEqual(Object.keys(BUILT_IN_PERMISSIONS).sort());
  });

  it('registers those of a feature module', () => {
    const registry = new PermissionRegistry();
    registry.register([REPORTS]);

    expect(registry.has('reports:read')).toBe(true);
    expect(registry.names()).toContain('reports:read');
  });

  it('returns definitions sorted by name', () => {
    const registry = new PermissionRegistry();
    registry.register([REPORTS]);

    const definitions = registry.definitions();
    expect(definitions.map(({ name }) => name)).toEqual(registry.names());
    expect(definitions).toContainEqual(REPORTS);
  });

  it('accepts the same permission twice', () => {
    const registry = new PermissionRegistry();
    registry.register([REPORTS, REPORTS]);

    expect(registry.names().filter((name) => name === 'reports:read')).toHaveLength(1);
  });

  it('rejects a permission with another description', () => {
    const registry = new PermissionRegistry();

    expect(() => registry.register([{ name: 'users:read', description: 'Something else.' }])).toThrow(
      'users:read is registered twice',
    );
  });

  it.each(['reports', 'reports:', 'Reports:read', 'reports:read,users:write', 'a b:c', '*', '*:read'])(
    'rejects %j as malformed',
    (name) => {
      expect(() => new PermissionRegistry().register([{ name, description: 'x' }])).toThrow(
        /is not a permission/,
      );
    },
  );

  it.each(['toString', '__proto__', 'constructor'])('does not contain %s', (name) => {
    expect(new PermissionRegistry().has(name)).toBe(false);
  });
});
