import { describe, expect, it } from '@jest/globals';
import { type ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/principal.js';
import { GrantsReader } from './grants.js';
import { PermissionRegistry } from './permission-registry.js';
import { type Role } from './role.entity.js';
import { type RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

const STORED = [
  { name: 'admin', permissions: '*' },
  { name: 'auditor', permissions: '*:read' },
  { name: 'helpdesk', permissions: 'users:read users:write' },
  { name: 'user', permissions: '' },
] as Role[];

const repository = {
  findByNames: (names: readonly string[]) =>
    Promise.resolve(STORED.filter(({ name }) => names.includes(name))),
} as unknown as RolesRepository;

const registry = new PermissionRegistry();
const service = new RolesService(repository, new GrantsReader(registry), registry);

const refusalOf = (names: string[], held: Iterable<string>): Promise<ApplicationError | undefined> =>
  service.checkGrantable(names, { permissions: new Set(held) } as unknown as Principal).then(
    () => undefined,
    (error: ApplicationError) => error,
  );

describe('RolesService.checkGrantable', () => {
  it.each([
    ['no role', [], []],
    ['a label, by anybody', ['user'], []],
    ['a role whose permissions are all held', ['helpdesk'], ['users:read', 'users:write', 'tokens:read']],
    ['the administrator’s, by who holds everything', ['admin', 'user'], registry.names()],
  ])('takes %s', async (_, names, held) => {
    expect(await refusalOf(names, held)).toBeUndefined();
  });

  it.each([
    ['a role with one permission more', ['helpdesk'], ['users:read']],
    ['all reads by who lacks one', ['auditor'], registry.names().filter((name) => name !== 'audit:read')],
    ['a role above beside one that is not', ['user', 'admin'], ['users:read', 'users:write']],
  ])('refuses %s', async (_, names, held) => {
    expect(await refusalOf(names, held)).toMatchObject({ code: 'above_your_permissions' });
  });

  it('refuses the administrator’s role to who lacks what a feature module added', async () => {
    const held = registry.names();
    const extended = new PermissionRegistry();
    extended.register([{ name: 'reports:read', description: 'Read reports.' }]);
    const grown = new RolesService(repository, new GrantsReader(extended), extended);

    await expect(
      grown.checkGrantable(['admin'], { permissions: new Set(held) } as unknown as Principal),
    ).rejects.toMatchObject({ code: 'above_your_permissions' });
  });

  it('names each unknown role by its place', async () => {
    expect(await refusalOf(['user', 'nobody', 'admin', 'none'], [])).toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ pointer: '/roles/1' }, { pointer: '/roles/3' }] },
    });
  });
});
