import { type Config } from '../../platform/config/config.js';
import { describe, expect, it } from '@jest/globals';
import { type ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type ResourceApi } from '../apis/resource-api.entity.js';
import { ResourceApiPermissions } from '../apis/resource-api-permissions.service.js';
import { type ResourceApisRepository } from '../apis/resource-apis.repository.js';
import { GrantsReader } from '../grants.service.js';
import { PermissionRegistry } from '../permission-registry.service.js';
import { type Role } from './role.entity.js';
import { type RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

const STORED = [
  { name: 'admin', permissions: '*' },
  { name: 'auditor', permissions: '*:read' },
  { name: 'helpdesk', permissions: 'users:read users:write' },
  { name: 'user', permissions: '' },
] as Role[];

const APIS = [
  { name: 'orders', permissions: '[{"name":"orders:read","description":"Read orders."}]' },
] as ResourceApi[];

const repository = {
  findByNames: (names: readonly string[]) =>
    Promise.resolve(STORED.filter(({ name }) => names.includes(name))),
  findNamesLike: () => Promise.resolve(STORED.map(({ name }) => name)),
} as unknown as RolesRepository;

const registry = new PermissionRegistry();
const permissionsOn = (known: PermissionRegistry) =>
  new ResourceApiPermissions(known, {
    findByNames: (names: readonly string[]) =>
      Promise.resolve(APIS.filter(({ name }) => names.includes(name))),
    findNames: () => Promise.resolve(APIS.map(({ name }) => name)),
  } as unknown as ResourceApisRepository);
const service = new RolesService(
  repository,
  new GrantsReader(registry, { secondFactor: 'optional' } as Config),
  permissionsOn(registry),
  registry,
);

const actorWith = (...held: string[]) => ({ roles: [], permissions: new Set(held) }) as unknown as Principal;

const rejectionOf = (names: string[], held: Iterable<string>): Promise<ApplicationError | undefined> =>
  service.checkGrantable(names, actorWith(...held)).then(
    () => undefined,
    (error: ApplicationError) => error,
  );

describe('RolesService.checkGrantable', () => {
  it.each([
    ['no role', [], []],
    ['the default role from an actor without permissions', ['user'], []],
    ['a role whose permissions the actor holds', ['helpdesk'], ['users:read', 'users:write', 'roles:write']],
    ['the administrator role from an actor with all permissions', ['admin', 'user'], registry.names()],
  ])('accepts %s', async (_, names, held) => {
    expect(await rejectionOf(names, held)).toBeUndefined();
  });

  it.each([
    ['a role with one more permission than the actor', ['helpdesk'], ['users:read']],
    [
      'all read permissions from an actor who lacks one',
      ['auditor'],
      registry.names().filter((name) => name !== 'audit:read'),
    ],
    ['a role above the actor beside one that is not', ['user', 'admin'], ['users:read', 'users:write']],
  ])('rejects %s', async (_, names, held) => {
    expect(await rejectionOf(names, held)).toMatchObject({ code: 'above_your_permissions' });
  });

  it('rejects the administrator role from an actor who lacks a permission of a feature module', async () => {
    const held = registry.names();
    const extended = new PermissionRegistry();
    extended.register([{ name: 'reports:read', description: 'Read reports.' }]);
    const grown = new RolesService(
      repository,
      new GrantsReader(extended, { secondFactor: 'optional' } as Config),
      permissionsOn(extended),
      extended,
    );

    await expect(grown.checkGrantable(['admin'], actorWith(...held))).rejects.toMatchObject({
      code: 'above_your_permissions',
    });
  });

  it('reports each unknown role with its position', async () => {
    expect(await rejectionOf(['user', 'nobody', 'admin', 'none'], [])).toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ pointer: '/roles/1' }, { pointer: '/roles/3' }] },
    });
  });

  it.each([
    ['helpdsek', '; did you mean helpdesk?', ['roles:read']],
    ['zookeeper', '; GET /roles lists all roles', ['roles:read']],
    ['helpdsek', '', ['users:write']],
  ])('reports the first unknown role, %s, with a hint: "%s"', async (name, hint, held) => {
    expect(await rejectionOf([name, 'userr'], held)).toMatchObject({
      options: {
        errors: [{ message: `there is no role ${name}${hint}` }, { message: 'there is no role userr' }],
      },
    });
  });
});

describe('RolesService.checkExists', () => {
  it.each([
    ['helpdsek', ['helpdesk'], '; did you mean helpdesk?'],
    ['auditro', ['helpdesk'], ''],
  ])('rejects %s, and suggests only a role of an actor who may not read roles', async (name, roles, hint) => {
    const actor = { ...actorWith(), roles } as Principal;

    await expect(service.checkExists(name, actor)).rejects.toMatchObject({
      options: { errors: [{ message: `there is no role ${name}${hint}` }] },
    });
  });
});

describe('RolesService.checkPermissions', () => {
  it.each([
    [['users:read'], ['users:read', 'roles:write']],
    [['orders:read'], ['orders:read']],
    [['orders:read'], ['apis:write']],
  ])('accepts %j from an actor who holds %j', async (names, held) => {
    await expect(service.checkPermissions(names, actorWith(...held))).resolves.toBeUndefined();
  });

  it('reports each unknown permission with its position, for any actor', async () => {
    const names = ['users:read', 'gone:read', '*', 'orders:gone', 'orders:read'];

    await expect(service.checkPermissions(names, actorWith())).rejects.toMatchObject({
      code: 'validation_failed',
      options: {
        errors: [
          { pointer: '/permissions/1', code: 'unknown_permission' },
          { pointer: '/permissions/2', code: 'unknown_permission' },
          { pointer: '/permissions/3', code: 'unknown_permission' },
        ],
      },
    });
  });

  it.each([
    ['user:read', 'did you mean users:read?'],
    ['order:read', 'did you mean orders:read?'],
    ['orders:raed', 'did you mean orders:read?'],
    ['zebras:count', 'GET /apis lists all permissions'],
  ])('rejects %s: %s', async (name, advice) => {
    await expect(service.checkPermissions([name], actorWith('apis:read'))).rejects.toMatchObject({
      options: { errors: [{ message: `there is no permission ${name}; ${advice}` }] },
    });
  });

  it.each([
    ['orders:raed', ['orders:read', 'users:read'], 'did you mean orders:read?'],
    ['order:read', ['orders:read'], 'did you mean orders:read?'],
    ['user:read', ['users:read'], 'did you mean users:read?'],
    ['orders:raed', ['users:read'], 'GET /me lists yours'],
  ])(
    'rejects %s from an actor who may not read APIs, and suggests only one of its own, %j',
    async (name, held, advice) => {
      await expect(service.checkPermissions([name], actorWith(...held))).rejects.toMatchObject({
        options: { errors: [{ message: `there is no permission ${name}; ${advice}` }] },
      });
    },
  );

  it('accepts permissions that the token has already', async () => {
    await expect(
      service.checkPermissions(['gone:read'], actorWith(), undefined, new Set(['gone:read'])),
    ).resolves.toBeUndefined();
  });

  it.each([['users:write'], ['orders:read']])(
    'rejects %s from an actor who does not hold it',
    async (name) => {
      await expect(
        service.checkPermissions(['users:read', name], actorWith('users:read')),
      ).rejects.toMatchObject({
        code: 'above_your_permissions',
      });
    },
  );
});

describe('RolesService.checkEditable', () => {
  const role = (permissions: string, isBuiltIn = false) => ({ name: 'some', permissions, isBuiltIn }) as Role;

  it('accepts a role whose permissions the actor holds', () => {
    const actor = actorWith('users:read', 'roles:write');

    expect(() => service.checkEditable(role('users:read'), actor)).not.toThrow();
  });

  it('rejects a role with more permissions', () => {
    expect(() => service.checkEditable(role('users:read users:write'), actorWith('users:read'))).toThrow(
      expect.objectContaining({ code: 'above_your_permissions' }),
    );
  });

  it('rejects a built-in role even if the actor holds all its permissions', () => {
    expect(() => service.checkEditable(role('*', true), actorWith(...registry.names()))).toThrow(
      expect.objectContaining({ code: 'role_built_in' }),
    );
  });
});
