import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../common/application-error.js';
import { PermissionRegistry } from '../permission-registry.service.js';
import { ResourceApiPermissions } from './resource-api-permissions.service.js';
import { type ResourceApisRepository } from './resource-apis.repository.js';

const repository = { findNames: () => Promise.resolve(['reports']) } as unknown as ResourceApisRepository;

describe('ApiPermissions.onApplicationBootstrap', () => {
  const startWith = (...permissions: string[]) => {
    const registry = new PermissionRegistry();
    registry.register(permissions.map((name) => ({ name, description: 'Does it.' })));
    return new ResourceApiPermissions(registry, repository).onApplicationBootstrap();
  };

  it('prevents startup if a feature module has permissions with the name of an API', async () => {
    await expect(startWith('invoices:read', 'reports:read')).rejects.toThrow(ConfigurationError);
  });

  it('accepts feature modules with other names', async () => {
    await expect(startWith('invoices:read')).resolves.toBeUndefined();
  });
});
